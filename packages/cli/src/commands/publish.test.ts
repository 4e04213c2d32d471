import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { type BuiltDistribution, sdist, temporaryFolder, wheel } from '@cheeseshop/testing'
import { type UploadIndex, uploadIndex } from '../publishing/testing/upload-index.ts'
import { runProgram } from '../run.ts'

const demo = wheel('demo', '1.0').summary('Made for a test').file('demo.py', '').build()
const source = sdist('demo', '1.0').build()

/** A folder with `dist/`, an index, and the command run in one against the other. */
async function desk(...files: BuiltDistribution[]) {
  const folder = await temporaryFolder()
  const index = await uploadIndex()
  mkdirSync(folder.join('dist'))
  for (const { filename, bytes } of files) writeFileSync(folder.join('dist', filename), bytes)
  return {
    folder,
    index,
    async publish(args: string[], environment: Record<string, string> = {}) {
      const said = { out: '', error: '' }
      const code = await runProgram(['publish', ...args], {
        folder: folder.path,
        terminal: {
          out: { write: (text) => (said.out += text) },
          error: { write: (text) => (said.error += text) },
          environment: {
            HOME: folder.path,
            CHEESE_PUBLISH_URL: `${index.url}/legacy/`,
            ...environment,
          },
        },
      })
      const stable = said.error.replace(/ in [\d.]+ m?s\)/g, ')').replaceAll(index.url, 'INDEX')
      return { code, out: said.out, error: stable.replaceAll(folder.path, '.') }
    },
    async [Symbol.asyncDispose]() {
      await index[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const basic = (token: string) => `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`
const sha256 = ({ bytes }: BuiltDistribution) => createHash('sha256').update(bytes).digest('hex')

test('wheels go before sdists, with what their metadata says and their digests', async () => {
  await using at = await desk(source, demo)
  writeFileSync(at.folder.join('dist', 'notes.txt'), 'no distribution')
  const { code, error } = await at.publish(['--token', 'pypi-1'])
  assert.equal(code, 0)
  assert.equal(
    error,
    `+ ${demo.filename} (${demo.bytes.length} B)\n+ ${source.filename} (${source.bytes.length} B)\nPublished 2 files\n`,
  )
  const [first, second] = at.index.uploads
  assert.equal(first?.authorization, basic('pypi-1'))
  assert.deepEqual(first?.bytes, Buffer.from(demo.bytes))
  assert.equal(first.filename, demo.filename)
  const fields = Object.fromEntries(
    [...first.fields].map(([name, values]) => [name, values.join()]),
  )
  assert.deepEqual(fields, {
    ':action': 'file_upload',
    protocol_version: '1',
    filetype: 'bdist_wheel',
    pyversion: 'py3',
    sha256_digest: sha256(demo),
    metadata_version: '2.4',
    name: 'demo',
    version: '1.0',
    summary: 'Made for a test',
    requires_python: '',
  })
  assert.equal(second?.fields.get('filetype')?.join(), 'sdist')
})

test('a dry run checks and sends nothing; JSON lists what was done', async () => {
  await using at = await desk(demo)
  assert.equal(
    (await at.publish(['--dry-run'])).error,
    `Would publish:\n+ ${demo.filename} (${demo.bytes.length} B)\n`,
  )
  assert.deepEqual(at.index.requests, [])
  const { out } = await at.publish(['--format', 'json', '-t', 'x'])
  const row = {
    filename: demo.filename,
    sha256: sha256(demo),
    size: demo.bytes.length,
    outcome: 'published',
  }
  assert.deepEqual(JSON.parse(out), [row])
})

test('every fault of every file is told, and nothing is published', async () => {
  const damaged = wheel('demo', '2.0')
    .file('demo.py', 'x')
    .editRecord((record) => record.replace('demo.py,sha256=', 'demo.py,sha256=A'))
    .build()
  const local = sdist('demo', '3.0+cpu').build()
  const cut = { ...demo, filename: 'demo-4.0-py3-none-any.whl', bytes: demo.bytes.subarray(0, 300) }
  await using at = await desk(damaged, local, cut, { ...source, filename: 'other-1.0.tar.gz' })
  const { code, error } = await at.publish(['-t', 'x'])
  assert.equal(code, 1)
  assert.match(error, /^error: nothing was published, because of:\n/m)
  assert.match(error, / {2}demo-2\.0-py3-none-any\.whl: .*demo\.py.*RECORD/)
  assert.match(error, / {2}demo-3\.0\+cpu\.tar\.gz: Version: .*local part/)
  assert.match(error, / {2}demo-4\.0-py3-none-any\.whl: /)
  assert.match(error, / {2}other-1\.0\.tar\.gz: PKG-INFO says the project is "demo"/)
  assert.deepEqual(at.index.requests, [])
})

function putPage(index: UploadIndex, sha: string | undefined) {
  const hashes = sha === undefined ? {} : { sha256: sha }
  const file = { filename: demo.filename, url: demo.filename, hashes }
  index.pages.set('/simple/demo/', { meta: { 'api-version': '1.0' }, name: 'demo', files: [file] })
}

test('--check-url skips the same file, refuses another one, and settles a race', async () => {
  await using at = await desk(demo)
  const args = ['-t', 'x', '--check-url', `${at.index.url}/simple/`]
  putPage(at.index, sha256(demo))
  assert.deepEqual(await at.publish(args), {
    code: 0,
    out: '',
    error: `= ${demo.filename} is there already\n`,
  })
  putPage(at.index, '0'.repeat(64))
  const other = await at.publish(args)
  assert.equal(other.code, 1)
  assert.match(other.error, /is on the index already: it has the sha256 000000000000\.\.\./)
  putPage(at.index, undefined)
  assert.match((await at.publish(args)).error, /does not tell its digest/)
  assert.deepEqual(at.index.uploads, [])

  at.index.pages.clear()
  const before = () => putPage(at.index, sha256(demo))
  at.index.answers.push({ status: 400, body: 'no', before })
  assert.equal((await at.publish(args)).code, 0)
  assert.equal(at.index.uploads.length, 1)
})

test('--skip-existing goes on where a file is there, and not where something else is wrong', async () => {
  await using at = await desk(source, demo)
  at.index.answers.push({ status: 400, body: 'File already exists (demo)' })
  const { code, error } = await at.publish(['-t', 'x', '--skip-existing'])
  assert.equal(code, 0)
  assert.match(error, /^= demo-1\.0-py3-none-any\.whl is there already\n\+ demo-1\.0\.tar\.gz /)
  assert.match(error, /^Published 1 file, 1 there already$/m)
  at.index.answers.push({ status: 400, body: 'Not today' })
  const refused = await at.publish(['-t', 'x', '--skip-existing'])
  assert.equal(refused.code, 1)
  assert.match(
    refused.error,
    /^error: INDEX\/legacy\/ refused with status 400: Not today\n\nhint: /,
  )
})

test('an index that wants credentials is answered with every place that gives some', async () => {
  await using at = await desk(demo)
  at.index.answers.push({ status: 401, body: 'Who are you?' })
  const { code, error } = await at.publish([])
  assert.equal(code, 1)
  const [host] = /127\.0\.0\.1:\d+/.exec(at.index.url)!
  assert.equal(
    error.slice(error.indexOf('error:')).replace(host, 'HOST'),
    `error: INDEX/legacy/ refused with status 401: Who are you?

hint: say who you are to HOST, or correct it: --token (CHEESE_PUBLISH_TOKEN), --username and --password (CHEESE_PUBLISH_USERNAME, CHEESE_PUBLISH_PASSWORD), a repository of .pypirc, .netrc or a keyring; in a CI job, trusted publishing
`,
  )
})

test('what was published before a refusal is told, and what was not', async () => {
  await using at = await desk(source, demo)
  at.index.answers.push({ status: 200, body: 'OK' }, { status: 403, body: 'Enough' })
  const { code, error } = await at.publish(['-t', 'x'])
  assert.equal(code, 1)
  assert.match(error, /^warning: 1 of 2 files are there; not: demo-1\.0\.tar\.gz\nerror: /m)
})

test('--strict publishes nothing where a README cannot be shown', async () => {
  const sphinx = wheel('demo', '1.0').description('See :ref:`more`.\n', 'text/x-rst').build()
  await using at = await desk(sphinx)
  const lenient = await at.publish(['-t', 'x'])
  assert.equal(lenient.code, 0)
  assert.match(lenient.error, /^warning: demo-1\.0\S+: line 1 of the README has the role "ref"/)
  const strict = await at.publish(['-t', 'x', '--strict'])
  assert.equal(strict.code, 1)
  assert.match(strict.error, /^error: nothing was published, because of:\n {2}demo-1\.0\S+: line 1/)
  assert.equal(at.index.uploads.length, 1)
})

test('-u and -p are the user and the password, as in twine, and -p alone is a token', async () => {
  await using at = await desk(demo)
  assert.equal((await at.publish(['-u', 'ada', '-p', 'secret'])).code, 0)
  assert.equal((await at.publish(['-p', 'pypi-1', '--skip-existing'])).code, 0)
  assert.equal((await at.publish(['-p', 'secret'], { TWINE_USERNAME: 'eve' })).code, 0)
  assert.deepEqual(
    at.index.uploads.map(({ authorization = '' }) => atob(authorization.slice(6))),
    ['ada:secret', '__token__:pypi-1', 'eve:secret'],
  )
})

test('credentials of .pypirc are used and never shown', async () => {
  await using at = await desk(demo)
  const section = `[distutils]\nindex-servers =\n    ours\n\n[ours]\nrepository = ${at.index.url}/legacy/\nusername = __token__\npassword = pypi-secret\n`
  writeFileSync(at.folder.join('.pypirc'), section)
  const { code, error } = await at.publish(['-r', 'ours', '-v'], { CHEESE_PUBLISH_URL: '' })
  assert.equal(code, 0)
  assert.ok(!error.includes('pypi-secret'))
  assert.equal(at.index.uploads[0]?.authorization, basic('pypi-secret'))
})

test('a CI job exchanges its identity for a token', async () => {
  await using at = await desk(source, demo)
  at.index.pages.set('/_/oidc/audience', { audience: 'here' })
  at.index.pages.set('/github?x=1&audience=here', { value: 'identity' })
  at.index.pages.set('/_/oidc/mint-token', { success: true, token: 'pypi-minted' })
  const job = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${at.index.url}/github?x=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
  }
  assert.equal((await at.publish([], job)).code, 0)
  assert.deepEqual(
    at.index.uploads.map(({ authorization }) => authorization),
    [basic('pypi-minted'), basic('pypi-minted')],
  )
  const exchanged = at.index.requests.filter(
    (line) => line.includes('oidc') || line.includes('github'),
  )
  assert.deepEqual(exchanged, [
    'GET /_/oidc/audience',
    'GET /github?x=1&audience=here',
    'POST /_/oidc/mint-token',
  ])

  await at.publish(['--token', 'pypi-given'], job)
  assert.equal(at.index.uploads[2]?.authorization, basic('pypi-given'))
  const never = await at.publish(['--trusted-publishing', 'never'], job)
  assert.equal(at.index.uploads[4]?.authorization, undefined)
  assert.equal(never.code, 0)
  assert.match((await at.publish(['--trusted-publishing', 'always'])).error, /offers no identity/)
})

test('attestations beside a file go with it, unless they are not wanted or are none', async () => {
  await using at = await desk(demo)
  const path = at.folder.join('dist', `${demo.filename}.publish.attestation`)
  const attestation = { version: 1, verification_material: {}, envelope: {} }
  writeFileSync(path, JSON.stringify(attestation))
  await at.publish(['-t', 'x'])
  await at.publish(['-t', 'x', '--no-attestations'])
  const sent = at.index.uploads.map(({ fields }) =>
    fields.get('attestations')?.map((text) => JSON.parse(text)),
  )
  assert.deepEqual(sent, [[[attestation]], undefined])
  writeFileSync(path, '{"version": 1}')
  assert.match(
    (await at.publish(['-t', 'x'])).error,
    /is no attestation: it has no verification_material, envelope/,
  )
  writeFileSync(path, '[')
  assert.match((await at.publish(['-t', 'x'])).error, /is no JSON object/)
  rmSync(path)
  assert.match(
    (await at.publish(['-t', 'x', '--attestations'])).error,
    /is not there, and --attestations/,
  )
  assert.equal(at.index.uploads.length, 2)
})

test('without files or a place to publish to, the way there is told', async () => {
  await using at = await desk()
  assert.equal(
    (await at.publish([])).error,
    'error: there are no wheels and sdists in dist\n\nhint: cheese build makes them, in dist/\n',
  )
  writeFileSync(at.folder.join('dist', demo.filename), demo.bytes)
  const { code, error } = await at.publish(['-t', 'x'], { CHEESE_PUBLISH_URL: '' })
  assert.equal(code, 1)
  assert.match(error, /^error: nothing says where to publish\n\nhint: name the upload URL/)
})
