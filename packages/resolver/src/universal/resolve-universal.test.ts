import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { environmentsOfTags, parseMarker, parseSpecifierSet, parseTag } from '@cheeseshop/packaging'
import { cpuTime } from '@cheeseshop/testing'
import { NoSolution } from '../no-solution.ts'
import { type Release, stated, type World, WorldProvider } from '../testing/universe.ts'
import { resolveUniversal } from './resolve-universal.ts'
import type { UniversalRequest } from './universal-request.ts'
import type { UniversalPin, UniversalResolution } from './universal-resolution.ts'

async function attempt(
  world: World,
  asked: readonly string[],
  options: Partial<UniversalRequest> = {},
): Promise<UniversalResolution> {
  const requiresPython = parseSpecifierSet('>=3.9')
  const request = { requirements: stated(asked), requiresPython, ...options }
  return await resolveUniversal(request, new WorldProvider(world))
}

function describe({ candidate: { name, version }, marker }: UniversalPin): string {
  return `${name} ${version}${marker ? ` ; ${marker}` : ''}`
}

async function lines(...question: Parameters<typeof attempt>): Promise<string[]> {
  return (await attempt(...question)).pins.map(describe)
}

test('environments limit the answer, and their markers are written as seen from there', async () => {
  const world = {
    a: {
      '1': ['b ; sys_platform == "linux"', 'c ; sys_platform == "win32"'],
      '2': { python: '>=3.12' },
    },
    b: { '1': [] },
    c: { '1': [] },
  }
  const environments = ['sys_platform == "linux"', 'sys_platform == "darwin"'].map(parseMarker)
  const limited = await attempt(world, ['a<2'], { environments })
  assert.deepEqual(limited?.pins.map(describe), ['a 1', 'b 1 ; sys_platform == "linux"'])
  const forked = await attempt(world, ['a'], { environments })
  assert.deepEqual(forked?.pins.map(describe), [
    'a 1 ; python_version < "3.12"',
    'a 2 ; python_version >= "3.12"',
    'b 1 ; python_version < "3.12" and sys_platform == "linux"',
  ])
})

test('constraints count where their markers hold', async () => {
  const world = { a: { '1': [], '2': [], '3': [] }, b: { '1': ['a ; sys_platform == "win32"'] } }
  const constraints = stated(['a<3 ; sys_platform == "win32"'], 'constraints.txt')
  const asked = ['a', 'a>2 ; sys_platform != "win32"']
  const direct = await attempt(world, asked, { constraints })
  assert.deepEqual(direct?.pins.map(describe), [
    'a 2 ; sys_platform == "win32"',
    'a 3 ; sys_platform != "win32"',
  ])
  // Where there is a choice, the version that is needed elsewhere is liked best.
  const one = await attempt(world, ['a'], { constraints })
  assert.deepEqual(one?.pins.map(describe), ['a 2'])
  const through = await attempt(world, ['b'], { constraints })
  assert.deepEqual(through?.pins.map(describe), ['a 2 ; sys_platform == "win32"', 'b 1'])
  const elsewhere = await attempt(world, ['a ; sys_platform == "linux"'], { constraints })
  assert.deepEqual(elsewhere?.pins.map(describe), ['a 3 ; sys_platform == "linux"'])
})

test('overrides take the place of what is required, each where its marker holds', async () => {
  const world = { a: { '1': ['b==1'] }, b: { '1': [], '2': [], '3': [] } }
  const overrides = stated(['b==2 ; sys_platform == "linux"', 'b==3 ; sys_platform != "linux"'])
  const resolution = await attempt(world, ['a'], { overrides })
  assert.deepEqual(resolution?.pins.map(describe), [
    'a 1',
    'b 2 ; sys_platform == "linux"',
    'b 3 ; sys_platform != "linux"',
  ])
})

test('"no solution" says where', async () => {
  const world = { a: { '1': [], '2': [] } }
  const asked = ['a>2 ; sys_platform == "linux"', 'a ; sys_platform != "linux"']
  const requiresPython = parseSpecifierSet('>=3.9')
  await assert.rejects(
    resolveUniversal({ requirements: stated(asked), requiresPython }, new WorldProvider(world)),
    (error) => {
      assert.ok(error instanceof NoSolution)
      assert.equal(
        error.explain()[0],
        'No versions satisfy all requirements where sys_platform == "linux".',
      )
      return true
    },
  )
})

test('environments that no Python asked for has are an error', async () => {
  const environments = [parseMarker('python_version < "3.9"')]
  await assert.rejects(attempt({ a: { '1': [] } }, ['a'], { environments }), {
    name: 'NoEnvironments',
  })
})

suite('versions with wheels for some systems only', () => {
  const wheels = (...platforms: string[]): Release => ({
    runsOn: environmentsOfTags(platforms.flatMap((platform) => parseTag(`cp39-abi3-${platform}`))),
  })

  test('a local version with fewer of them than its public one leaves the rest to that', async () => {
    const world = {
      a: {
        '1.0': [],
        '2.0': wheels('macosx_11_0_arm64', 'manylinux_2_28_x86_64'),
        '2.0+cpu': wheels('manylinux_2_28_x86_64', 'win_amd64'),
      },
    }
    assert.deepEqual(await lines(world, ['a']), [
      'a 2.0 ; sys_platform == "darwin"',
      'a 2.0+cpu ; sys_platform != "darwin"',
    ])
    const mac = { environments: [parseMarker('sys_platform == "darwin"')] }
    assert.deepEqual(await lines(world, ['a'], mac), ['a 2.0'])
  })

  test('where an environment must have one, it gets an older version, if it needs the project at all', async () => {
    const world = {
      a: { '1.0': [], '2.0': wheels('manylinux_2_28_x86_64') },
      b: { '1.0': ['a ; sys_platform == "linux"'] },
    }
    const options = { requiredEnvironments: [parseMarker('sys_platform == "win32"')] }
    assert.deepEqual(await lines(world, ['a'], options), [
      'a 1.0 ; sys_platform == "win32"',
      'a 2.0 ; sys_platform != "win32"',
    ])
    assert.deepEqual(await lines(world, ['b'], options), [
      'a 2.0 ; sys_platform == "linux"',
      'b 1.0',
    ])
    await assert.rejects(lines(world, ['a>1'], options), (error) => {
      assert.ok(error instanceof NoSolution)
      assert.match(error.explain().join('\n'), /has no wheel for sys_platform == "win32"/)
      return true
    })
  })
})

test('direct URLs may differ between environments', async () => {
  const [one, two] = ['https://x.example/a-1.whl', 'https://x.example/a-2.whl']
  const world = { a: { [`1 @ ${one}`]: ['b'], [`2 @ ${two}`]: [] }, b: { '1': [] } }
  const asked = [`a @ ${one} ; os_name == "nt"`, `a @ ${two} ; os_name != "nt"`]
  assert.deepEqual(await lines(world, asked), [
    'a 1 ; os_name == "nt"',
    'a 2 ; os_name != "nt"',
    'b 1 ; os_name == "nt"',
  ])
})

test('a marker without meaning is left out, and said', async () => {
  const world = { a: { '1': ['missing ; os_name ~= "nt"', 'missing ; "a" == "b"'] } }
  const { pins, warnings } = await attempt(world, ['a'])
  assert.deepEqual(pins.map(describe), ['a 1'])
  assert.deepEqual(
    warnings.map((warning) => warning.kind === 'senseless-marker' && warning.requirement),
    ['missing; os_name ~= "nt"', 'missing; "a" == "b"'],
  )
})

test('attack: metadata that divide the environments without end are refused, soon', async () => {
  const names = Array.from({ length: 10 }, (_, at) => `p${at}`)
  const world = Object.fromEntries(
    names.map((name, at) => {
      const [here, there] = ['==', '!='].map((is) => `platform_version ${is} "${at}"`)
      const texts = [`x ; ${here}`, `y ; ${there}`, `x>0 ; "${at}" in platform_release`]
      return [name, { '1': texts }]
    }),
  )
  const taken = await cpuTime(() => {
    const question = attempt({ ...world, x: { '1': [] }, y: { '1': [] } }, names)
    return assert.rejects(question, { name: /^(TooManyForks|MarkersTooComplex)$/ })
  })
  assert.ok(taken < 10_000, `${taken} ms`)
})
