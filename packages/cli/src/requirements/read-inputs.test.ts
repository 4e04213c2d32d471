import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { readInputs } from './read-inputs.ts'

interface Case {
  readonly words?: string[]
  readonly editable?: string[]
  readonly constraint?: string[]
  readonly urls?: Record<string, string>
  readonly files?: Record<string, string>
  readonly requirement?: string[]
  readonly environment?: Record<string, string>
}

async function inputsOf({ files = {}, urls = {}, ...given }: Case) {
  await using folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(path)), { recursive: true })
    writeFileSync(folder.join(path), text)
  }
  const nothing = { words: [], requirement: [], constraint: [], override: [], environment: {} }
  const readUrl = async (url: string) => urls[url] ?? assert.fail(`${url} was asked for`)
  const inputs = await readInputs({ ...nothing, ...given, folder: folder.path, readUrl })
  const general = (text: string) => text.replace(folder.path, '~')
  const text = (stated: typeof inputs.requirements) =>
    stated.map((each) => general(String(each.requirement)))
  return {
    requirements: text(inputs.requirements),
    constraints: text(inputs.constraints),
    unnamed: inputs.unnamed.map(({ source: { url, extras, marker }, configSettings }) =>
      general([url, `[${extras}]`, ...(marker ? [marker] : []), ...configSettings].join(' ')),
    ),
    editables: [...inputs.editables].map(general),
    hashes: Object.fromEntries(inputs.hashes),
    options: Object.fromEntries(inputs.options),
    origins: inputs.requirements.map(({ origin }) => origin),
  }
}

test('files name requirements, other files and options, with comments and continued lines', async () => {
  const files = {
    'base.txt': `# what we need
flask >= 3 ; python_version > "3"  # the web
requests[socks]==2.0 \\
    --hash=sha256:AB \\
    --hash sha256:cd
-r sub/more.txt
--index-url https://\${USER_NAME}:\${NOT_SET}@index.example/simple/
--pre
`,
    'sub/more.txt': '-c ../narrow.txt\n--find-links wheels\nurllib3\n',
    'narrow.txt':
      'urllib3<3\ndemo @ https://x.example/demo.zip#sha256=bad&egg=x --hash=sha256:ef\n',
  }
  const environment = { USER_NAME: 'ada' }
  const inputs = await inputsOf({ files, requirement: ['base.txt'], environment })
  assert.deepEqual(inputs.requirements, [
    'flask>=3; python_version > "3"',
    'requests[socks]==2.0',
    'urllib3',
  ])
  assert.deepEqual(inputs.constraints, ['urllib3<3', 'demo @ https://x.example/demo.zip#egg=x'])
  assert.deepEqual(inputs.hashes, {
    requests: ['sha256:ab', 'sha256:cd'],
    demo: ['sha256:ef'],
  })
  assert.deepEqual(inputs.origins, ['base.txt', 'base.txt', 'sub/more.txt'])
  assert.deepEqual(inputs.options['index-url'], [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what is not set stays as it was written
    'https://ada:${NOT_SET}@index.example/simple/',
  ])
  assert.match(inputs.options['find-links']![0]!, /\/sub\/wheels$/)
  assert.deepEqual(inputs.options['pre'], [''])
})

test('words may be paths and URLs, with extras and markers', async () => {
  const { requirements } = await inputsOf({
    files: { 'dist/demo-1.0-py3-none-any.whl': '' },
    words: [
      'file:dist/demo-1.0-py3-none-any.whl#egg=demo',
      './dist/demo-1.0-py3-none-any.whl[a,b] ; os_name == "posix"',
      'https://x.example/other-2.0.tar.gz#sha256=ab',
      'named @ https://x.example/named-1.0-py3-none-any.whl',
      'https://x.example/named-1.0-py3-none-any.whl#egg=other',
      'file://localhost/tmp#egg=demo',
    ],
  })
  assert.deepEqual(requirements, [
    'demo @ file://~/dist/demo-1.0-py3-none-any.whl',
    'demo[a,b] @ file://~/dist/demo-1.0-py3-none-any.whl ; os_name == "posix"',
    'other @ https://x.example/other-2.0.tar.gz#sha256=ab',
    'named @ https://x.example/named-1.0-py3-none-any.whl',
    'named @ https://x.example/named-1.0-py3-none-any.whl',
    'demo @ file:///tmp',
  ])
})

test('what cannot be read says where it stands', async () => {
  const files = {
    'bad.txt': '\n\nflask=1\n',
    'loop.txt': '-r loop.txt\n',
    'option.txt': '--user\n',
    'hash.txt': 'flask==1 --hash=md5:00\n',
    'bare.txt': 'https://x.example/archive.zip\n',
    'extra.txt': 'flask[async]<4\n',
  }
  const refused = (given: Case) => inputsOf({ files, ...given })
  await assert.rejects(
    refused({ requirement: ['bad.txt'] }),
    /^UsageError: bad\.txt, line 3: Invalid requirement "flask=1"/,
  )
  await assert.rejects(refused({ requirement: ['loop.txt'] }), /loop\.txt includes itself/)
  await assert.rejects(
    refused({ requirement: ['option.txt'] }),
    /option\.txt, line 1: --user needs a value|cannot stand/,
  )
  await assert.rejects(
    refused({ requirement: ['hash.txt'] }),
    /hash\.txt, line 1: md5:00 is no hash/,
  )
  await assert.rejects(
    refused({ requirement: ['absent.txt'] }),
    /absent\.txt cannot be read: there is no such file/,
  )
  await assert.rejects(refused({ words: ['./absent.whl'] }), /there is no file \.\/absent\.whl/)
  await assert.rejects(refused({ words: ['absent.whl'] }), ({ hints }: { hints: string[] }) =>
    /that ends as an archive does/.test(`${hints}`),
  )
  await assert.rejects(
    refused({ words: ['https://x.example/archive.zip'], constraint: ['bare.txt'] }),
    /bare\.txt, line 1: https:\S+ has no name, and a constraint needs one/,
  )
  await assert.rejects(
    refused({ constraint: ['extra.txt'] }),
    /extra\.txt, line 1: flask\[async\]: a constraint cannot have extras/,
  )
})

test('folders, archives of any name and repositories are told apart from names', async () => {
  const files = {
    'lib/pyproject.toml': '',
    'empty/readme.txt': '',
    'more/list.txt': '-e ../lib[dev] --config-settings "mode=fast and safe"\n./sub#egg=sub\n',
    'more/sub/setup.py': '',
  }
  const found = await inputsOf({
    files,
    words: [
      './lib[a] ; os_name == "posix"',
      'git+https://x.example/demo.git@main#egg=Demo[x]&subdirectory=lib',
      'git+ssh://git@x.example/other.git',
      'https://x.example/archive/main.zip#sha256=ab',
    ],
    requirement: ['more/list.txt'],
  })
  assert.deepEqual(found.requirements, [
    'Demo[x] @ git+https://x.example/demo.git@main#subdirectory=lib',
    'sub @ file://~/more/sub',
  ])
  assert.deepEqual(found.unnamed, [
    'file://~/lib [a] os_name == "posix"',
    'git+ssh://git@x.example/other.git []',
    'https://x.example/archive/main.zip#sha256=ab []',
    'file://~/lib [dev] mode=fast and safe',
  ])
  assert.deepEqual(found.editables, ['file://~/lib'])
  await assert.rejects(inputsOf({ files, words: ['./empty'] }), /\.\/empty is not installable/)
  await assert.rejects(
    inputsOf({ editable: ['https://x.example/lib.zip'] }),
    /cannot be installed as editable: it is no folder and no git repository/,
  )
  await assert.rejects(
    inputsOf({ words: ['hg+https://me:secret@x.example/lib'] }),
    (error: Error) =>
      /is in a repository of hg/.test(error.message) && !/secret/.test(error.message),
  )
  await assert.rejects(
    inputsOf({ words: ['git+git@x.example:me/lib.git'] }),
    (error: { hints?: string[] }) => error.hints?.[0] === 'write git+ssh://USER@HOST/PATH',
  )
})

test('files at URLs lead to others beside them, and learn nothing of this machine', async () => {
  const urls = {
    'https://x.example/lists/all.txt': '-r more/dev.txt\n-c ../narrow.txt\nflask\n',
    'https://x.example/lists/more/dev.txt': `pytest\n--index-url https://x.example/\${SECRET}/\n`,
    'https://x.example/narrow.txt': 'flask<3\n',
    'https://x.example/local.txt': '-r file:///etc/passwd\n',
    'https://x.example/folder.txt': '-e ./lib\n',
    'https://x.example/named.txt': 'lib @ file:///lib\n',
  }
  const environment = { SECRET: 'secret' }
  const found = await inputsOf({
    urls,
    environment,
    requirement: ['https://x.example/lists/all.txt'],
  })
  assert.deepEqual(found.requirements, ['pytest', 'flask'])
  assert.deepEqual(found.constraints, ['flask<3'])
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a server may not learn stays as it was written
  assert.deepEqual(found.options['index-url'], ['https://x.example/${SECRET}/'])
  for (const name of ['local', 'folder', 'named']) {
    await assert.rejects(
      inputsOf({ urls, requirement: [`https://x.example/${name}.txt`] }),
      /of this machine, and may not|is on this machine, and a server may not ask for it/,
    )
  }
})
