import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type Desk, desk } from '../testing/desk.ts'

/** What another installer let through: files of a .dist-info that nobody looked at. */
function plant(at: Desk, { name = 'x', direct }: { name?: string; direct?: object }): void {
  const folder = `${at.sitePackages}/x-1.0.dist-info`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`)
  writeFileSync(`${folder}/RECORD`, '')
  if (direct) writeFileSync(`${folder}/direct_url.json`, JSON.stringify(direct))
}

const frozen = async (what: Parameters<typeof plant>[1]) => {
  await using at = await desk()
  plant(at, what)
  for (const words of ['list -v', 'show x', 'inspect', 'tree']) await at.must(words)
  assert.ok((await at.run('check')).code < 2)
  return (await at.must('freeze')).out
}

describe('an environment that strangers wrote to', () => {
  it('puts no line of its own into what is frozen, by its name', async () => {
    for (const name of [
      '-e evil',
      'x\n evil==1',
      'x\u2028evil',
      'x ; y',
      '-r /etc/passwd',
      'evil',
    ]) {
      assert.equal(await frozen({ name }), 'x==1.0\n', JSON.stringify(name))
    }
    assert.equal(await frozen({ name: 'X' }), 'X==1.0\n')
  })

  it('nor by where it says that it came from', async () => {
    const vcs = { vcs: 'git', commit_id: 'abc' }
    for (const direct of [
      { url: 'https://h.example/x', vcs_info: { ...vcs, commit_id: 'abc\nevil==1' } },
      { url: 'https://h.example/x', vcs_info: { ...vcs, vcs: 'git\nevil==1\n' } },
      { url: 'https://h.example/x\nevil==1', vcs_info: vcs },
      { url: 'https://h.example/x', vcs_info: vcs, subdirectory: 'a\revil==1' },
      { url: 'https://h.example/x', archive_info: { hashes: { 'sha256\nevil': 'a' } } },
      { url: 'https://h.example/x', archive_info: { hash: 'sha256=a\nevil==1' } },
      { url: 'file:///a%0Aevil==1', dir_info: { editable: true } },
    ]) {
      assert.equal(await frozen({ direct }), 'x==1.0\n', JSON.stringify(direct))
    }
  })

  it('cannot make us fail by a folder that is on no machine', async () => {
    for (const url of ['file://elsewhere/x', 'file:///a%2Fb', 'file:///a%00b']) {
      assert.equal(await frozen({ direct: { url, dir_info: { editable: true } } }), 'x==1.0\n')
    }
  })

  it('has its passwords frozen by nobody', async () => {
    const url = 'https://me:secret@h.example/x.git'
    const commit = { vcs: 'git', commit_id: 'abc' }
    assert.equal(
      await frozen({ direct: { url, vcs_info: commit } }),
      'x @ git+https://h.example/x.git@abc\n',
    )
    assert.equal(
      await frozen({ direct: { url, archive_info: {} } }),
      'x @ https://h.example/x.git\n',
    )
  })
})
