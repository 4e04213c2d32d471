import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { mustRun } from '../run-command.ts'
import { checkAwaitedReturns } from './awaited-returns.ts'
import { checkLayout } from './layout.ts'
import { checkNamedPaths } from './named-paths.ts'
import { checkPackageGraph } from './package-graph.ts'
import { checkPackageMap } from './package-map.ts'
import { checkPrivateNames } from './private-names.ts'

async function withFiles(files: Record<string, string>, use: (root: string) => Promise<void>) {
  const root = await mkdtemp(join(tmpdir(), 'cheeseshop-checks-'))
  try {
    await mustRun('git', ['init', '--quiet', root])
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    await use(root)
  } finally {
    await rm(root, { recursive: true })
  }
}

const manifest = (name: string, dependencies = {}) =>
  JSON.stringify({ name, description: `About ${name}`, dependencies })

test('a folder that is not in the plan, an empty word and an index.ts are refused', async () => {
  const good = { 'packages/archive/src/mod.ts': '', 'tools/test.ts': '' }
  await withFiles(good, (root) => checkLayout(root))
  const faulty = [
    ['stuff/a.ts', /stuff\/ is no folder/],
    ['packages/novelty/src/mod.ts', /needs a decision/],
    ['packages/archive/src/utils/zip.ts', /"utils" does not say/],
    ['packages/archive/src/helpers.ts', /"helpers" does not say/],
    ['packages/archive/src/index.ts', /mod\.ts or main\.ts/],
    ['packages/index-server/src/http/page.tsx', /pages live in/],
  ] as const
  for (const [path, message] of faulty) {
    await withFiles({ ...good, [path]: '' }, async (root) => {
      await assert.rejects(checkLayout(root), message)
    })
  }
})

test('a dependency against the arrows and an import around a package name are refused', async () => {
  const good = {
    'packages/archive/package.json': manifest('@cheeseshop/archive'),
    'packages/packaging/package.json': manifest('@cheeseshop/packaging', {
      '@cheeseshop/archive': '0.1.0',
    }),
    'packages/packaging/src/wheel/read.ts': "import { a } from '../names.ts'",
  }
  await withFiles(good, (root) => checkPackageGraph(root))
  const wrongArrow = manifest('@cheeseshop/archive', { '@cheeseshop/packaging': '0.1.0' })
  await withFiles({ ...good, 'packages/archive/package.json': wrongArrow }, async (root) => {
    await assert.rejects(checkPackageGraph(root), /archive must not depend on packages\/packaging/)
  })
  const around = "import { readZip } from '../../../archive/src/zip.ts'"
  await withFiles({ ...good, 'packages/packaging/src/wheel/read.ts': around }, async (root) => {
    await assert.rejects(checkPackageGraph(root), /leaves packages\/packaging/)
  })
})

test('registry hosts and machine folders are refused, addresses of the web are not', async () => {
  const host = ['pypi', 'org'].join('.')
  const folder = ['', 'root', 'project'].join('/')
  await withFiles({ 'a.md': 'https://example.com/home/page and ~/work/x' }, (root) =>
    checkPrivateNames(root),
  )
  for (const text of [`see https://${host}/simple`, `run it in ${folder}`, 'at own.example']) {
    await withFiles({ 'a.md': `first\n${text}\n` }, async (root) => {
      await assert.rejects(checkPrivateNames(root, ['own.example']), /^Error: a\.md:2: names /)
    })
  }
})

test('a package missing from the map, and one that is only on the map, are refused', async () => {
  const row = (folder: string, text: string) => `| \`packages/${folder}\` | ${text} |\n`
  const good = {
    'packages/archive/package.json': manifest('archive'),
    'README.md': row('archive', 'About archive'),
  }
  await withFiles(good, (root) => checkPackageMap(root))
  for (const readme of [
    '',
    row('archive', 'Something else'),
    good['README.md'] + row('gone', ''),
  ]) {
    await withFiles({ ...good, 'README.md': readme }, async (root) => {
      await assert.rejects(checkPackageMap(root), /README\.md: /)
    })
  }
})

test('a document that names a file that is not there is refused', async () => {
  const map = '```\npackages/one    first\n  src/main.ts    begins     src/rest/\n```\n'
  const files = { 'packages/one/src/main.ts': '', 'packages/one/src/rest/of.ts': '' }
  const named = 'See [it](../packages/one/src/rest) and `rest/of.ts`, `src/**/of.ts`, `of.md`.'
  const good = { ...files, 'ARCHITECTURE.md': map, 'docs/a.md': named }
  await withFiles(good, (root) => checkNamedPaths(root))
  const bad: [path: string, text: string, missing: string][] = [
    ['docs/a.md', '[it](packages/one)', 'docs/packages/one'],
    ['docs/a.md', '`est/of.ts`', 'est/of.ts'],
    ['ARCHITECTURE.md', map.replace('rest', 'test'), 'packages/one/src/test/'],
    ['ARCHITECTURE.md', map.replaceAll('one', 'two'), 'packages/two'],
  ]
  for (const [path, text, missing] of bad) {
    await withFiles({ ...good, [path]: text }, async (root) => {
      await assert.rejects(checkNamedPaths(root), (error: Error) => {
        assert.ok(error.message.startsWith(`${path}: there is no ${missing}`), error.message)
        return true
      })
    })
  }
})

test('a promise that leaves a scope with "using" without having been awaited is refused', async () => {
  const scope = (body: string) => `async function run() { using x = open(); ${body} }\n`
  const bad = {
    'plain.ts': scope('return work(x)'),
    'choice.ts': scope('if (x) { return x.y ? undefined : (x.work() as never) }'),
    'method.ts': `class A { async run() {\n  await using x = open()\n  return x!.work() ?? 1\n} }\n`,
    'imported.ts': `import { work } from './plain.ts'\n${scope('return work()')}`,
    'named.ts': 'const run = (): Promise<void> => {\n  using x = open()\n  return work()\n}\n',
  }
  for (const [path, text] of Object.entries(bad)) {
    await withFiles({ [path]: text }, (root) =>
      assert.rejects(
        checkAwaitedReturns(root),
        new RegExp(`^Error: ${path}:\\d: write "return await"`),
      ),
    )
  }
  const good = {
    'awaited.ts': scope('return await work(x)'),
    'values.ts': scope('if (x) return [x]; if (y) return x.map(f); return JSON.parse(x.text)'),
    'ours.ts': `function work(): number { return 1 }\n${scope('return work()')}`,
    'theirs.ts': `import { work as it } from './work.ts'\n${scope('return it()')}`,
    'work.ts': 'export function work(): number { return 1 }\n',
    'inner.ts': scope('const f = async () => { return work() }; await f()'),
    'before.ts': 'async function run() { { using x = open() } return work() }\n',
    'sync.ts': 'function run() { using x = open(); return x.work() }\n',
    'page.tsx': 'async function run() { using x = open(); return <b>{x}</b> }\n',
  }
  await withFiles(good, (root) => checkAwaitedReturns(root))
})
