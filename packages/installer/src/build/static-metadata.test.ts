import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { readPyproject } from './read-pyproject.ts'
import { staticMetadata } from './static-metadata.ts'

async function metadataOf(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  await using folder = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(folder.join(name), text)
  const bytes = await staticMetadata(folder.path, await readPyproject(folder.path))
  return bytes && Buffer.from(bytes).toString()
}

const minimal = '[project]\nname = "Demo"\nversion = "1.0"\n'

test('a [project] table that leaves nothing open is metadata, its extras with their markers', async () => {
  const table = `${minimal}requires-python = ">=3.9"
dependencies = ["x>=2", "y; os_name == 'nt'"]
[project.optional-dependencies]
more = ["z[a]<3; python_version < '3.10' or os_name == 'nt'", "u @ https://example.org/u.whl"]
`
  assert.equal(
    await metadataOf({ 'pyproject.toml': table }),
    `Metadata-Version: 2.2
Name: Demo
Version: 1.0
Requires-Python: >=3.9
Requires-Dist: x>=2
Requires-Dist: y; os_name == "nt"
Requires-Dist: z[a]<3; (python_version < "3.10" or os_name == "nt") and extra == "more"
Requires-Dist: u @ https://example.org/u.whl ; extra == "more"
Provides-Extra: more
`,
  )
})

test('what is dynamic, faulty or Poetry of old is left to the backend', async () => {
  const open = [
    '[project]\nname = "demo"\ndynamic = ["version"]\n',
    ...['dependencies', 'optional-dependencies', 'requires-python'].map(
      (field) => `${minimal}dynamic = ["${field}"]\n`,
    ),
    '[project]\nname = "demo"\nversion = "one"\n',
    '[project]\nname = "-"\nversion = "1"\n',
    `${minimal}dependencies = ["=="]\n`,
    `${minimal}dependencies = "x"\n`,
    `${minimal}requires-python = "three"\n`,
    `${minimal}optional-dependencies = []\n`,
    `${minimal}[project.optional-dependencies]\n"a b" = []\n`,
    `${minimal}[tool.poetry.dependencies]\nx = "^1"\n`,
    '[tool.x]\n',
  ]
  for (const text of open)
    assert.equal(await metadataOf({ 'pyproject.toml': text }), undefined, text)
  assert.ok(await metadataOf({ 'pyproject.toml': `${minimal}dynamic = ["readme"]\n` }))
})

test('PKG-INFO counts since 2.2, unless dependencies are dynamic', async () => {
  const info = (version: string, more = '') =>
    `Metadata-Version: ${version}\nName: demo\nVersion: 1.0\n${more}`
  assert.equal(await metadataOf({ 'PKG-INFO': info('2.2') }), info('2.2'))
  assert.equal(await metadataOf({ 'PKG-INFO': info('2.1') }), undefined)
  assert.equal(await metadataOf({ 'PKG-INFO': info('2.4', 'Dynamic: Requires-Dist\n') }), undefined)
  const older = { 'PKG-INFO': info('2.1'), 'pyproject.toml': minimal }
  assert.match((await metadataOf(older))!, /^Metadata-Version: 2\.2\nName: Demo\n/)
})
