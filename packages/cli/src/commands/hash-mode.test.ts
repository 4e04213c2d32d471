import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { type Builds, desk } from '../testing/desk.ts'

const base = wheel('base', '1.0').file('base.py', '')
const own = hashOf(base)
const other = `sha256:${'0'.repeat(64)}`

function hashOf(project: Builds): string {
  return `sha256:${createHash('sha256').update(project.build().bytes).digest('hex')}`
}

async function deskWith(files: Record<string, string>) {
  const at = await desk()
  at.offer(base)
  for (const [name, text] of Object.entries(files)) writeFileSync(at.folder.join(name), text)
  return at
}

test('a file must have a hash of every line that names its project, in whatever file', async () => {
  await using at = await deskWith({
    'both.txt': `base==1.0 --hash=${own} --hash=${other}\n`,
    'other.txt': `base==1.0 --hash=${other}\n`,
    'own.txt': `base==1.0 --hash=${own}\n`,
  })
  const narrowed = await at.run('install -r both.txt -c other.txt')
  assert.equal(narrowed.code, 1)
  assert.match(narrowed.error, /base-1\.0-\S+ is none of the files that are allowed: .* sha256:000/)
  const torn = await at.run('install -r own.txt -c other.txt')
  assert.match(
    torn.error,
    /^error: no file of base can be right: the lines that give hashes for it have none in common\n/,
  )
  await at.must('install -r both.txt -c own.txt')
})

test('a line for another environment says nothing about the files for this one', async () => {
  const old = wheel('base', '0.9').file('base.py', '')
  await using at = await deskWith({
    'many.txt': `base==1.0 ; python_version >= "3.12" --hash=${own}
base==0.9 ; python_version < "3.12" --hash=${hashOf(old)}
base==0.1 ; os_name ~= "posix" --hash=${other}
`,
  })
  at.offer(old)
  await at.must('install -r many.txt')
  const targets = '--python-version 3.11 --python-version 3.12'
  const { error } = await at.must(`download --no-deps -r many.txt ${targets} -d out`)
  assert.match(error, /Saved out\/base-0\.9-\S+\nSaved out\/base-1\.0-\S+\n/)
})

test('the report of a run gives the digest of a file that lies here, as pip writes it', async () => {
  await using at = await deskWith({})
  const { out } = await at.must('install base --dry-run --report -')
  const [{ download_info }] = JSON.parse(out).install
  const sha256 = own.replace('sha256:', '')
  assert.deepEqual(download_info.archive_info, { hash: `sha256=${sha256}`, hashes: { sha256 } })
})
