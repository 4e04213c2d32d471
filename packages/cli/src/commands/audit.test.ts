import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { uploadIndex } from '../publishing/testing/upload-index.ts'
import { desk } from '../testing/desk.ts'

const advisory = {
  id: 'PYSEC-2026-1',
  aliases: ['CVE-2026-0001', 'GHSA-aaaa'],
  details: 'It eats\u001b[31m the cheese.\nAll of it.',
  summary: '',
  fixed_in: ['2.0', 'no version', '0.9', '1.5'],
  link: 'https://advisories.example/1',
  withdrawn: null,
}

/** An environment with demo, other and one from a file, and an index that knows of the first two. */
async function setUp(vulnerabilities: unknown) {
  const at = await desk()
  const index = await uploadIndex()
  at.offer(...['demo', 'other', 'local'].map((name) => wheel(name, '1.0').file(`${name}.py`, '')))
  await at.must(`install demo other ${at.folder.join('files', 'local-1.0-py3-none-any.whl')}`)
  for (const name of ['demo', 'other']) {
    index.pages.set(`/simple/${name}/`, { meta: { 'api-version': '1.0' }, name, files: [] })
    index.pages.set(`/pypi/${name}/1.0/json`, { vulnerabilities: [] })
  }
  index.pages.set('/pypi/demo/1.0/json', { vulnerabilities })
  return {
    at,
    index,
    audit: (words: string) =>
      at.run(`audit -i ${index.url}/simple/ ${words}`, {
        CHEESE_NO_INDEX: '',
        CHEESE_FIND_LINKS: '',
      }),
    async [Symbol.asyncDispose]() {
      await index[Symbol.asyncDispose]()
      await at[Symbol.asyncDispose]()
    },
  }
}

test('audit tells of vulnerabilities, where they are fixed, and ends with 1', async () => {
  const withdrawn = { ...advisory, id: 'PYSEC-2', withdrawn: '2026-01-01T00:00:00Z' }
  await using desk = await setUp([advisory, withdrawn, { aliases: [] }, 'nonsense', null])
  assert.deepEqual(await desk.audit(''), {
    code: 1,
    out: `Package Version ID           Fixed in Also
------- ------- ------------ -------- ------------------------
demo    1.0     PYSEC-2026-1 1.5, 2.0 CVE-2026-0001, GHSA-aaaa
`,
    error: `warning: not audited: 1 project, because it did not come from an index (-v names them)
Found 1 known vulnerability in 1 project of 2
`,
  })
  const { code, out } = await desk.audit('--format json')
  assert.equal(code, 1)
  assert.deepEqual(JSON.parse(out).dependencies, [
    {
      name: 'demo',
      version: '1.0',
      vulns: [
        {
          id: 'PYSEC-2026-1',
          fix_versions: ['1.5', '2.0'],
          aliases: ['CVE-2026-0001', 'GHSA-aaaa'],
          description: 'It eats [31m the cheese. All of it.',
          link: 'https://advisories.example/1',
        },
      ],
    },
    { name: 'local', version: '1.0', skip_reason: 'it did not come from an index' },
    { name: 'other', version: '1.0', vulns: [] },
  ])
  assert.equal((await desk.audit('--ignore-vuln CVE-2026-0001')).code, 0)
})

test('audit takes no comfort from an index that was never given advisories', async () => {
  await using desk = await setUp([])
  for (const name of ['demo', 'other']) {
    const answer = { advisories_known: false, vulnerabilities: [] }
    desk.index.pages.set(`/pypi/${name}/1.0/json`, answer)
  }
  const { code, error } = await desk.audit('--strict -v')
  assert.equal(code, 1)
  assert.match(
    error,
    /^because no advisories were imported into the index .*demo 1\.0, other 1\.0$/m,
  )
  assert.match(error, /Nothing could be audited/)
})

test('audit ends with 0 where nothing is known, and with 1 if asked to be strict about what is not', async () => {
  await using desk = await setUp([])
  const { code, out, error } = await desk.audit('')
  assert.deepEqual([code, out], [0, ''])
  assert.match(error, /^No known vulnerabilities in 2 projects$/m)
  assert.equal((await desk.audit('--strict')).code, 1)
  desk.index.pages.set('/pypi/demo/1.0/json', { info: {} })
  const two = await desk.audit('-v')
  assert.match(
    two.error,
    /^warning: not audited: 1 project, because the index does not speak of vulnerabilities; 1 project, because it did not come from an index$/m,
  )
  assert.match(two.error, /^because the index does not speak of vulnerabilities: demo 1\.0$/m)
  desk.index.pages.delete('/pypi/demo/1.0/json')
  desk.index.pages.delete('/pypi/other/1.0/json')
})

test('audit ends with 1 where indexes were asked and none had anything to say', async () => {
  await using desk = await setUp([])
  desk.index.pages.delete('/pypi/demo/1.0/json')
  const half = await desk.audit('')
  assert.equal(half.code, 0)
  assert.match(half.error, /^warning: not audited: 1 project, because no index has this release/m)
  desk.index.pages.delete('/pypi/other/1.0/json')
  const { code, error } = await desk.audit('')
  assert.equal(code, 1)
  assert.equal(
    error,
    `warning: not audited: 2 projects, because no index has this release, or the one that has it has no JSON API; 1 project, because it did not come from an index (-v names them)
error: Nothing could be audited, so what is installed may have any known vulnerability

hint: ask an index that has a JSON API of single releases with advisories in it (--index-url)
`,
  )
  const json = await desk.audit('--format json')
  assert.equal(json.code, 1)
  const { audited, not_audited } = JSON.parse(json.out)
  assert.deepEqual([audited, not_audited], [0, 3])
  await desk.at.must('uninstall -y demo other')
  assert.equal((await desk.audit('')).code, 0, 'no index was asked')
})

test('audit reads a lock for whichever environment, and only asks for what it lists', async () => {
  await using desk = await setUp([advisory])
  const wheels = (name: string) =>
    `[[packages]]\nname = "${name}"\nversion = "1.0"\nmarker = "sys_platform == 'win32'"\n[[packages.wheels]]\nurl = "https://x.example/${name}-1.0-py3-none-any.whl"\nhashes = {sha256 = "${'0'.repeat(64)}"}\n`
  const text = `lock-version = "1.0"\ncreated-by = "a test"\n${wheels('demo')}[[packages]]\nname = "tree"\nversion = "1"\n[packages.directory]\npath = "."\n`
  writeFileSync(desk.at.folder.join('pylock.toml'), text)
  const { code, error } = await desk.audit('pylock.toml')
  assert.equal(code, 1)
  assert.match(error, /not audited: 1 project, because it did not come from an index/)
  assert.deepEqual(desk.index.requests, ['GET /simple/demo/', 'GET /pypi/demo/1.0/json'])
})

test('what has no version that could be looked up is not passed over in silence', async () => {
  await using desk = await setUp([])
  const old = join(desk.at.sitePackages, 'old.egg-info')
  mkdirSync(old)
  writeFileSync(join(old, 'PKG-INFO'), 'Metadata-Version: 1.0\nName: old\nVersion: 2004-a-b\n')
  const { code, error } = await desk.audit('--strict -v')
  assert.equal(code, 1)
  assert.match(error, /^warning: not audited: .*; 1 project, because its version is none$/m)
  assert.match(error, /^because its version is none: old 2004-a-b$/m)
  const { dependencies } = JSON.parse((await desk.audit('--format json')).out)
  assert.deepEqual(dependencies.at(-2), {
    name: 'old',
    version: '2004-a-b',
    skip_reason: 'its version is none',
  })
})
