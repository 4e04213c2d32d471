import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from './make-folder.ts'

test('the outermost folder that was made is told, and none where all were there', () => {
  const root = mkdtempSync(join(tmpdir(), 'make-folder-'))
  try {
    assert.equal(makeFolder(join(root, 'a/b/c')), join(root, 'a'))
    assert.equal(makeFolder(join(root, 'a/b/d')), join(root, 'a/b/d'))
    assert.equal(makeFolder(join(root, 'a/b')), undefined)
    symlinkSync('a', join(root, 'link'))
    assert.equal(makeFolder(join(root, 'link')), undefined)
    writeFileSync(join(root, 'file'), '')
    assert.throws(() => makeFolder(join(root, 'file')), { code: 'EEXIST' })
    assert.throws(() => makeFolder(join(root, 'file/below')), { code: 'ENOTDIR' })
  } finally {
    rmSync(root, { recursive: true })
  }
})

test('a file system that takes no folder is an error, and no wait without an end', () => {
  const script = `
    import { makeFolder } from ${JSON.stringify(join(import.meta.dirname, 'make-folder.ts'))}
    for (const path of ['/proc/nobody', '/proc/nobody/.cache/a']) {
      try { makeFolder(path) } catch (error) { console.log(error.message) }
    }`
  const words = ['--input-type=module-typescript', '-e', script]
  const said = execFileSync(process.execPath, words, { timeout: 20_000, encoding: 'utf8' })
  const sentence = "ENOENT: no such file or directory, mkdir '/proc/nobody'\n"
  assert.equal(said, sentence + sentence)
})
