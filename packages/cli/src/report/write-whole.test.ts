import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, it } from 'node:test'
import { type TemporaryFolder, temporaryFolder } from '@cheeseshop/testing'
import { copyWhole, writeWhole } from './write-whole.ts'

describe('a file that is written whole', () => {
  it('replaces the one that was there, with its mode, through links, and leaves nothing else', async () => {
    await using folder = await temporaryFolder()
    const [path, link] = [folder.join('lock'), folder.join('link')]
    writeFileSync(path, 'old', { mode: 0o600 })
    symlinkSync('lock', link)
    writeWhole(link, 'new')
    assert.equal(readFileSync(path, 'utf8'), 'new')
    assert.equal(statSync(path).mode & 0o777, 0o600)
    copyWhole(path, folder.join('copy'))
    assert.equal(readFileSync(folder.join('copy'), 'utf8'), 'new')
    assert.deepEqual(readdirSync(folder.path).sort(), ['copy', 'link', 'lock'])
  })

  it('leaves the old one where there is no room, and says where that was', async () => {
    await using folder = await temporaryFolder()
    const path = folder.join('lock')
    writeFileSync(path, 'old')
    assert.throws(() => writeLimited(folder, path), /"code":"EFBIG".*"path":"[^"]*\/lock"/)
    assert.equal(readFileSync(path, 'utf8'), 'old')
    assert.throws(() => writeLimited(folder, folder.join('new')), /EFBIG/)
    assert.deepEqual(readdirSync(folder.path), ['lock'])
  })

  it('follows no link that was laid where it is prepared', async () => {
    await using folder = await temporaryFolder()
    const [path, victim] = [folder.join('lock'), folder.join('victim')]
    writeFileSync(victim, 'precious')
    symlinkSync(victim, `${path}.${process.pid}`)
    writeWhole(path, 'text')
    assert.equal(readFileSync(path, 'utf8'), 'text')
    copyWhole(victim, path)
    writeWhole(path, 'again')
    assert.equal(readFileSync(victim, 'utf8'), 'precious')
    assert.deepEqual(readdirSync(folder.path).sort(), ['lock', `lock.${process.pid}`, 'victim'])
  })

  it('is written in its place where it is a device, a link to nothing or a file of several names', async () => {
    await using folder = await temporaryFolder()
    assert.throws(() => writeWhole('/dev/full', 'text'), { code: 'ENOSPC', path: '/dev/full' })
    symlinkSync('target', folder.join('link'))
    writeWhole(folder.join('link'), 'text')
    linkSync(folder.join('target'), folder.join('other'))
    writeWhole(folder.join('other'), 'both')
    assert.equal(readFileSync(folder.join('target'), 'utf8'), 'both')
  })

  it('is written in its place where its folder is closed', {
    skip: !process.getuid?.(),
  }, async () => {
    await using folder = await temporaryFolder()
    mkdirSync(folder.join('closed'))
    writeFileSync(folder.join('closed/lock'), 'old')
    chmodSync(folder.join('closed'), 0o555)
    writeWhole(folder.join('closed/lock'), 'new')
    chmodSync(folder.join('closed'), 0o755)
    assert.equal(readFileSync(folder.join('closed/lock'), 'utf8'), 'new')
  })
})

/** In a process that may write files of one block only. */
function writeLimited(folder: TemporaryFolder, path: string): void {
  const module = JSON.stringify(new URL('./write-whole.ts', import.meta.url))
  const script = `process.on('SIGXFSZ', () => {})
    const { writeWhole } = await import(${module})
    try { writeWhole(${JSON.stringify(path)}, 'x'.repeat(100000)) }
    catch (error) { console.error(JSON.stringify(error)); process.exit(1) }`
  const hook = new URL('../../../index-server/bin/tsx-hook.js', import.meta.url).href
  const words = [process.execPath, '--import', hook, '--input-type=module', '-e', script]
  execFileSync('/bin/sh', ['-c', 'ulimit -f 1; exec "$@"', 'sh', ...words], {
    cwd: folder.path,
    // Node would put what it compiles into this folder.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
