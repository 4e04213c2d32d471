import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseName } from '@cheeseshop/packaging'
import { sdist, until, wheel } from '@cheeseshop/testing'
import { BuildError } from './build-error.ts'
import { backend, requirements, scriptedPython, writes } from './testing/scripted-python.ts'

const buildSystem = '[build-system]\nrequires = ["maker>=2"]\nbuild-backend = "maker.api"\n'
const demo = wheel('demo', '1.0').requires('x>=2').build()

/** Version 2.1 says nothing for sure, so that the backend is asked. */
function demoSdist(hooks: Record<string, string>) {
  return sdist('demo', '1.0')
    .metadataVersion('2.1')
    .file('pyproject.toml', buildSystem)
    .file('backend.js', backend(hooks))
}

const foretells = `
  fs.mkdirSync(into + '/demo-1.0.dist-info')
  fs.writeFileSync(into + '/demo-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n')
  return 'demo-1.0.dist-info'`

test('metadata is foretold and the wheel built in one environment, which the backend can add to', async () => {
  await using python = await scriptedPython()
  await using builder = python.builder({ constraints: requirements('maker<3') })
  const source = python.archive(
    demoSdist({
      get_requires_for_build_wheel: 'return ["more; python_version > \\"3\\""]',
      prepare_metadata_for_build_wheel: foretells,
      build_wheel: `if (!fs.existsSync(metadata + '/METADATA')) throw new Error('nothing foretold')\n${writes(demo)}`,
    }),
  )
  const metadata = await builder.metadata(source)
  assert.match(Buffer.from(metadata).toString(), /^Name: demo$/m)
  const built = await builder.wheel(source)
  assert.equal(built.filename, demo.filename)
  assert.deepEqual(readFileSync(built.path), Buffer.from(demo.bytes))
  assert.deepEqual(python.calls(), [
    'get_requires_for_build_wheel',
    'prepare_metadata_for_build_wheel',
    'build_wheel',
  ])
  assert.deepEqual(python.installed, ['maker>=2', 'maker>=2 more; python_version > "3"'])
  const told = python.events.map(
    ({ type, ...rest }) => `${type} ${'target' in rest ? rest.target : ''}`,
  )
  assert.deepEqual(
    told.filter((line) => /started|finished/.test(line)),
    [
      'build-started metadata',
      'build-finished metadata',
      'build-started wheel',
      'build-finished wheel',
    ],
  )
})

test('what was built is found again by the next run, and not with other settings', async () => {
  await using python = await scriptedPython()
  const source = python.archive(demoSdist({ build_wheel: writes(demo) }))
  const build = async (settings = {}) => {
    await using builder = python.builder({ settings: () => settings })
    const metadata = await builder.metadata(source)
    const { path } = await builder.wheel(source)
    assert.ok(existsSync(path))
    assert.match(Buffer.from(metadata).toString(), /^Requires-Dist: x>=2$/m)
    return python.calls().length
  }
  // get_requires, prepare_metadata and build_wheel, all of which are asked for, once.
  const first = await build()
  assert.equal(first, 3)
  assert.equal(await build(), first)
  assert.equal(await build({ '--flag': ['a', 'b'] }), first * 2)
  assert.equal(await build({ '--flag': ['a', 'b'] }), first * 2)
  assert.deepEqual(readdirSync(python.cache.join('tmp')), [])
})

test('a damaged wheel in the cache is built again', async () => {
  await using python = await scriptedPython()
  const source = python.archive(demoSdist({ build_wheel: writes(demo) }))
  await using builder = python.builder()
  const { path } = await builder.wheel(source)
  writeFileSync(path, 'damaged')
  const again = await builder.wheel(source)
  assert.deepEqual(readFileSync(again.path), Buffer.from(demo.bytes))
})

test('metadata that is written down is taken without calling anyone', async () => {
  await using python = await scriptedPython()
  await using builder = python.builder()
  const source = python.archive(sdist('demo', '1.0').metadataVersion('2.2').requires('x'))
  assert.match(Buffer.from(await builder.metadata(source)).toString(), /^Requires-Dist: x$/m)
  assert.ok(!existsSync(python.folder.join('calls')))
})

test('a folder is built where it is, every time, and editable', async () => {
  await using python = await scriptedPython()
  await using builder = python.builder()
  const source = python.project('demo', {
    'pyproject.toml': buildSystem,
    'backend.js': backend({ build_wheel: writes(demo), build_editable: writes(demo) }),
  })
  await builder.wheel(source)
  await builder.wheel(source)
  await builder.editableMetadata(source)
  await builder.editable(source)
  const built = python.calls().filter((hook) => hook.startsWith('build_'))
  assert.deepEqual(built, ['build_wheel', 'build_wheel', 'build_editable'])
})

test('without isolation the interpreter itself runs the backend, and nothing is installed', async () => {
  await using python = await scriptedPython()
  await using builder = python.builder({ isIsolated: (name) => name !== parseName('demo') })
  await builder.wheel(python.archive(demoSdist({ build_wheel: writes(demo) })))
  assert.deepEqual(python.installed, [])
  assert.deepEqual(python.calls(), ['build_wheel'])
})

test('a build that needs itself, or wheels of itself through others, ends with the chain', async () => {
  await using python = await scriptedPython()
  const source = python.archive(demoSdist({ build_wheel: writes(demo) }))
  const nested = python.builder({ installInto: async () => void (await nested.wheel(source)) })
  await using builder = nested
  await assert.rejects(builder.wheel(source), {
    code: 'cycle',
    message: 'A build cannot end: demo-1.0.tar.gz needs demo-1.0.tar.gz.',
  })
})

test('what a backend may not do is told, with the log where it said something', async () => {
  await using python = await scriptedPython()
  const other = wheel('other', '1.0').build()
  const faults: [hooks: Record<string, string>, code: string, message: RegExp][] = [
    [{ build_wheel: writes(other) }, 'bad-result', /"other-1\.0.*another project or version/],
    [{ build_wheel: 'return "../x.whl"' }, 'bad-result', /"\.\.\/x\.whl"/],
    [{ build_wheel: 'return 7' }, 'bad-result', /returned "7"/],
    [
      { build_wheel: writes({ filename: demo.filename, bytes: Buffer.from('x') }) },
      'bad-result',
      /cannot be used/,
    ],
    [
      { get_requires_for_build_wheel: 'return ["=="]' },
      'bad-result',
      /"==", which is no requirement/,
    ],
    [{ build_sdist: '' }, 'hook-missing', /has no build_wheel/],
    [{ build_wheel: 'console.log("said this"); process.exit(3)' }, 'backend-failed', /status 3/],
  ]
  for (const [hooks, code, message] of faults) {
    const isIsolated = 'get_requires_for_build_wheel' in hooks
    await using builder = python.builder({ isIsolated: () => isIsolated })
    const error = await builder.wheel(python.archive(demoSdist(hooks))).catch((fault) => fault)
    assert.ok(error instanceof BuildError, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, message)
    if (code !== 'backend-failed') continue
    assert.equal(error.log?.tail, 'said this\n')
    assert.equal(readFileSync(error.log.path, 'utf8'), 'said this\n')
  }
})

test('sources whose metadata cannot be had leave nothing behind', async () => {
  await using python = await scriptedPython()
  await using builder = python.builder({ isIsolated: () => false })
  const hooks = { prepare_metadata_for_build_wheel: 'return "nothing"' }
  await assert.rejects(builder.metadata(python.archive(demoSdist(hooks))), { code: 'bad-result' })
  assert.deepEqual(readdirSync(python.cache.join('tmp')), [])
})

test('a backend that is not there, one that waits forever and one that is called off are told apart', async () => {
  await using python = await scriptedPython()
  const missing = python.archive(sdist('none', '1.0').metadataVersion('2.1'))
  await using builder = python.builder()
  await assert.rejects(builder.wheel(missing), { code: 'backend-missing' })

  const waiting = python.archive(
    demoSdist({ build_wheel: 'setTimeout(() => {}, 60_000); while (true);' }),
  )
  await using impatient = python.builder({ timeLimitMs: 300, isIsolated: () => false })
  await assert.rejects(impatient.wheel(waiting), { code: 'timeout', message: /within 0\.3 s/ })
  const controller = new AbortController()
  await using called = python.builder({ signal: controller.signal, isIsolated: () => false })
  setTimeout(() => controller.abort(), 100)
  await assert.rejects(called.wheel(waiting), { code: 'cancelled' })
})

test('sdists are built, and must have the name of one', async () => {
  await using python = await scriptedPython()
  await using builder = python.builder()
  const into = python.folder.path
  const good = sdist('made', '2.0').build()
  const files = (hook: string) => ({
    'pyproject.toml': buildSystem,
    'backend.js': backend({ build_sdist: hook }),
  })
  const path = await builder.sdist(python.project('good', files(writes(good))), into)
  assert.deepEqual(readFileSync(path), Buffer.from(good.bytes))
  const bad = python.project('bad', files(writes({ ...good, filename: 'made.tar.xz' })))
  await assert.rejects(builder.sdist(bad, into), { code: 'bad-result' })
})

test('not more backends work at one time than allowed', async () => {
  await using python = await scriptedPython()
  const hook = `
    const working = process.cwd() + '/../../../working'
    fs.mkdirSync(working)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    fs.rmdirSync(working)
    ${writes(demo)}`
  // Two at one time would make the same folder, which fails.
  const sources = ['a', 'b', 'c'].map((letter) =>
    python.archive(demoSdist({ build_wheel: hook }).file(letter, '')),
  )
  await using builder = python.builder({ concurrency: 1, isIsolated: () => false })
  const built = await Promise.all(sources.map((source) => builder.wheel(source)))
  assert.equal(new Set(built.map(({ path }) => path)).size, 3)
})

test('a builder that is disposed ends what nobody waits for, and leaves nothing behind', async () => {
  await using python = await scriptedPython()
  const waiting = python.archive(demoSdist({ build_wheel: 'while (true);' }))
  const builder = python.builder({ isIsolated: () => false })
  const unfinished = assert.rejects(builder.wheel(waiting), { code: 'cancelled' })
  await until(() => existsSync(python.folder.join('calls')))
  await builder[Symbol.asyncDispose]()
  await unfinished
  assert.deepEqual(readdirSync(python.cache.join('tmp')), [])
})
