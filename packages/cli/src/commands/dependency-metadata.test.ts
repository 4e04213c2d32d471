import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { type Desk, desk } from '../testing/desk.ts'

const base = wheel('base', '1.0').file('base.py', '')

async function deskWith(toml: string): Promise<Desk> {
  const at = await desk()
  at.offer(base)
  state(at, toml)
  return at
}

function state(at: Desk, toml: string): void {
  writeFileSync(at.folder.join('cheese.toml'), toml)
}

function about(name: string, ...lines: string[]): string {
  return `[[dependency-metadata]]\nname = "${name}"\n${lines.join('\n')}\n`
}

const requiresBase = 'requires-dist = ["base"]'
const lockText = 'lock demo --format requirements.txt -o -'

test('a source whose metadata are stated is not built to be locked, here or everywhere', async () => {
  await using at = await deskWith('')
  at.offer(sdist('demo', '2.0').metadataVersion('2.1'))
  const { code, error } = await at.run(lockText)
  assert.equal(code, 1, error)
  state(at, about('Demo', 'version = "2"', requiresBase))
  assert.match((await at.must(lockText)).out, /^base==1\.0\n(.*\n)*demo==2\.0$/m)
  assert.match((await at.must(`${lockText} --universal`)).out, /^base==1\.0\n(.*\n)*demo==2\.0$/m)
})

test('what a wheel says of itself does not count where something else is stated, also once it is installed', async () => {
  await using at = await deskWith(about('demo'))
  at.offer(wheel('demo', '1.0').requires('nowhere>=3').file('demo.py', ''))
  assert.equal((await at.must('install demo')).error.includes('+ demo 1.0'), true)
  await at.must('install demo')
})

test('what is installed already lacks what was stated of it since', async () => {
  await using at = await deskWith('')
  at.offer(wheel('demo', '1.0').file('demo.py', ''))
  await at.must('install demo')
  state(at, about('demo', requiresBase))
  assert.match((await at.must('install demo')).error, /^\+ base 1\.0$/m)
})

test('what is stated of one version counts more than what is stated of all', async () => {
  const all = about('demo', 'requires-dist = ["nowhere"]')
  await using at = await deskWith(all + about('demo', 'version = "1.0"', requiresBase))
  at.offer(wheel('demo', '1.0').file('demo.py', ''), wheel('demo', '2.0').file('demo.py', ''))
  assert.match((await at.must(lockText)).out, /^demo==1\.0$/m)
})

test('stated extras and Requires-Python count as those of a file', async () => {
  const extras = [
    'requires-dist = ["base ; extra == \'all\'"]',
    'provides-extra = ["all"]',
    'requires-python = ">=3"',
  ]
  await using at = await deskWith(about('demo', ...extras))
  at.offer(wheel('demo', '1.0').file('demo.py', ''))
  const { out, error } = await at.must(lockText.replace('demo', 'demo[all]'))
  assert.match(out, /^base==1\.0$/m)
  assert.doesNotMatch(error, /no extra/)
  state(at, about('demo', 'requires-python = ">=4"'))
  assert.match((await at.run(lockText)).error, /demo.*\n.*1\.0 +requires Python >=4/)
})

test('cheese config shows of which versions something is stated, and where; --isolated forgets it', async () => {
  await using at = await deskWith(about('demo', 'version = "1.0"') + about('other'))
  const { out } = await at.must('config')
  assert.match(out, /^dependency-metadata +demo==1\.0 other +~\/cheese\.toml$/m)
  assert.doesNotMatch((await at.must('config --isolated')).out, /dependency-metadata/)
})

const wrong: Record<string, [toml: string, message: RegExp]> = {
  'a table instead of a list': [
    '[dependency-metadata]\nname = "demo"\n',
    /cheese\.toml: dependency-metadata is no list of tables\n\nhint: write it as \[\[dep/,
  ],
  'no name': [
    '[[dependency-metadata]]\nversion = "1"\n',
    /dependency-metadata is of no project \(name = null\)\n\nhint: /,
  ],
  'a name that is none': [about('de mo'), /of no project \(name = "de mo"\)/],
  'another key': [
    about('demo', 'requires = []'),
    /of demo has "requires"\n\nhint: it may have name, version, requires-dist,/,
  ],
  'a version that is none': [about('demo', 'version = "one"'), /of demo: .*"one"/],
  'a number': [about('demo', 'version = 1'), /of demo: version is no text/],
  'a requirement that is none': [
    about('demo', 'requires-dist = ["base >>1"]'),
    /of demo: .*base >>1/,
  ],
  'text instead of a list': [
    about('demo', 'requires-dist = "base"'),
    /of demo: requires-dist is no list of text/,
  ],
  'an extra that is none': [
    about('demo', 'provides-extra = ["a b"]'),
    /of demo: "a b" is no name of an extra/,
  ],
  'the same twice': [
    about('demo', 'version = "1"') + about('Demo', 'version = "1.0"'),
    /dependency-metadata of demo==1\.0 is there twice/,
  ],
}

for (const [what, [toml, message]] of Object.entries(wrong)) {
  test(`${what} is refused by name`, async () => {
    await using at = await deskWith(toml)
    const { code, error } = await at.run('install base')
    assert.equal(code, 1)
    assert.match(error, message)
  })
}
