import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { readInputs } from './read-inputs.ts'

interface Case {
  readonly words?: string[]
  readonly files?: Record<string, string>
  readonly requirement?: string[]
  readonly environment?: Record<string, string>
}

async function inputsOf({ words = [], files = {}, requirement = [], environment = {} }: Case) {
  await using folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(path)), { recursive: true })
    writeFileSync(folder.join(path), text)
  }
  const lists = { constraint: [], override: [] }
  const inputs = readInputs({ words, requirement, ...lists, folder: folder.path, environment })
  const text = (stated: typeof inputs.requirements) =>
    stated.map((each) => String(each.requirement).replace(folder.path, '~'))
  return {
    requirements: text(inputs.requirements),
    constraints: text(inputs.constraints),
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
    'narrow.txt': 'urllib3<3\n',
  }
  const environment = { USER_NAME: 'ada' }
  const inputs = await inputsOf({ files, requirement: ['base.txt'], environment })
  assert.deepEqual(inputs.requirements, [
    'flask>=3; python_version > "3"',
    'requests[socks]==2.0',
    'urllib3',
  ])
  assert.deepEqual(inputs.constraints, ['urllib3<3'])
  assert.deepEqual(inputs.hashes, { requests: ['sha256:ab', 'sha256:cd'] })
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
      './dist/demo-1.0-py3-none-any.whl[a,b] ; os_name == "posix"',
      'https://x.example/other-2.0.tar.gz#sha256=ab',
      'named @ https://x.example/named-1.0-py3-none-any.whl',
    ],
  })
  assert.deepEqual(requirements, [
    'demo[a,b] @ file://~/dist/demo-1.0-py3-none-any.whl ; os_name == "posix"',
    'other @ https://x.example/other-2.0.tar.gz#sha256=ab',
    'named @ https://x.example/named-1.0-py3-none-any.whl',
  ])
})

test('what cannot be read says where it stands', async () => {
  const files = {
    'bad.txt': '\n\nflask=1\n',
    'loop.txt': '-r loop.txt\n',
    'option.txt': '--user\n',
    'hash.txt': 'flask==1 --hash=md5:00\n',
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
  await assert.rejects(
    refused({ words: ['https://x.example/archive.zip'] }),
    /does not say which project it is/,
  )
})
