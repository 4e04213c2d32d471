import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { normalizeName, parseVersion } from '@cheeseshop/packaging'
import { ConflictingUrls } from './direct-urls.ts'
import type { ResolveEvent } from './request.ts'
import { resolve } from './resolve.ts'
import { choose } from './testing/choose.ts'
import { asking, stated, type World, WorldProvider } from './testing/universe.ts'

const name = normalizeName
const threeVersions = { a: { '1.0': [], '2.0': [], '3.0': [] } }

suite('what is required', () => {
  test('nothing gives nothing', async () => {
    assert.deepEqual(await choose({}, []), {})
  })

  test('a requirement counts only where its marker holds', async () => {
    const world = { ...threeVersions, b: { '1': ['a ; sys_platform == "win32"'] } }
    assert.deepEqual(await choose(world, ['b', 'a<2 ; python_version < "3.8"']), { b: '1' })
  })

  test('a marker without meaning leaves its requirement out, with a warning', async () => {
    const world = { ...threeVersions, b: { '1': ['a ; os_name ~= "posix"'] } }
    const { pins, warnings } = await resolve(asking(['b']), new WorldProvider(world))
    assert.deepEqual([...pins.keys()], ['b'])
    assert.deepEqual(warnings, [{ kind: 'senseless-marker', requirement: 'a; os_name ~= "posix"' }])
  })

  test('every pin says who requires it, with which extras, and what it needs', async () => {
    const world: World = {
      app: { '1': ['Lib.One[Fast]>=1', 'tool'] },
      'lib-one': { '1': { requires: ['tool<2'], extras: { fast: ['wheels'] } } },
      tool: { '1': [], '2': [] },
      wheels: { '1': { laterPython: '>=3.8' } },
    }
    const { pins } = await resolve(asking(['app', 'lib_one']), new WorldProvider(world))
    const described = [...pins].map(([each, pin]) => [
      `${each} ${pin.candidate.version}`,
      pin.extras.join(),
      pin.requiredBy.map((by) => `${by.name ?? by.statedIn} ${by.extra ?? ''}: ${by.requirement}`),
      pin.dependencies.join(),
      `${pin.requiresPython ?? ''}`,
    ])
    assert.deepEqual(described, [
      ['app 1', '', ['the command line : app'], 'lib-one,tool', ''],
      [
        'lib-one 1',
        'fast',
        ['the command line : lib_one', 'app : Lib.One[Fast]>=1'],
        'tool,wheels',
        '',
      ],
      ['tool 1', '', ['app : tool', 'lib-one : tool<2'], '', ''],
      ['wheels 1', '', ['lib-one fast: wheels; extra == "fast"'], '', '>=3.8'],
    ])
  })

  test('a version that is no longer needed after going back is not part of the answer', async () => {
    const world = {
      a: { '1': [], '2': ['orphan', 'b>=2'] },
      b: { '1': [], '2': ['c>=2'] },
      c: { '1': [] },
      orphan: { '1': [] },
    }
    assert.deepEqual(await choose(world, ['a', 'c']), { a: '1', c: '1' })
  })
})

suite('extras', () => {
  const world: World = {
    a: { '1': { extras: { all: ['a[x]', 'a[y]'], x: ['x'], y: ['y'], old: ['x'] } }, '2': [] },
    x: { '1': [] },
    y: { '1': [] },
  }

  test('extras made of extras are followed', async () => {
    assert.deepEqual(await choose(world, ['a[all]<2']), { a: '1', x: '1', y: '1' })
  })

  test('neither a project that requires itself nor a requirement in force anyway counts twice', async () => {
    const conditions = { base: { '1': ['x ; extra == "all" or os_name == "posix"'] } }
    const { pins } = await resolve(
      asking(['a[all]<2', 'base[all]']),
      new WorldProvider({ ...world, ...conditions }),
    )
    const requiredBy = (each: string) => pins.get(name(each))?.requiredBy.map((by) => by.name)
    assert.deepEqual([requiredBy('a'), requiredBy('x')], [[undefined], ['base', 'a']])
  })

  test('a version is not avoided because it lacks an extra; there is a warning', async () => {
    const { pins, warnings } = await resolve(asking(['a[Old]']), new WorldProvider(world))
    assert.equal(`${pins.get(name('a'))?.candidate.version}`, '2')
    assert.deepEqual(warnings, [{ kind: 'missing-extra', name: 'a', extra: 'old' }])
  })

  test('an extra wanted only later still brings its requirements', async () => {
    const later = { ...world, b: { '1': ['c'] }, c: { '1': ['a[x]'] } }
    assert.deepEqual(await choose(later, ['a<2', 'b']), { a: '1', b: '1', c: '1', x: '1' })
  })

  test('what only an extra requires does not bind those who do not ask for it', async () => {
    const strict: World = { a: { '1': { extras: { x: ['x==9'] } } }, x: { '1': [] } }
    assert.deepEqual(await choose(strict, ['a', 'x']), { a: '1', x: '1' })
    assert.equal(await choose(strict, ['a[x]', 'x']), 'none')
  })
})

suite('constraints, overrides, excludes', () => {
  test('a constraint narrows what is required and requires nothing', async () => {
    const options = { constraints: stated(['a<3', 'unheard-of==1', 'a<1 ; os_name == "nt"']) }
    assert.deepEqual(await choose(threeVersions, ['a'], options), { a: '2.0' })
    assert.deepEqual(await choose(threeVersions, [], options), {})
    assert.equal(await choose(threeVersions, ['a>=3'], options), 'none')
  })

  test('an override replaces every requirement on its project, whatever their markers', async () => {
    const world = { ...threeVersions, b: { '1': ['a<2'] }, c: { '1': ['a ; os_name == "nt"'] } }
    const options = { overrides: stated(['a==3.0']) }
    assert.deepEqual(await choose(world, ['b'], options), { a: '3.0', b: '1' })
    assert.deepEqual(await choose(world, ['a==1.0', 'b'], options), { a: '3.0', b: '1' })
    assert.deepEqual(await choose(world, ['c'], options), { a: '3.0', c: '1' })
  })

  test('an override of what an extra requires counts only with the extra', async () => {
    const world: World = { ...threeVersions, b: { '1': { extras: { x: ['a<2'] } } } }
    const options = { overrides: stated(['a==3.0']) }
    assert.deepEqual(await choose(world, ['b'], options), { b: '1' })
    assert.deepEqual(await choose(world, ['b[x]'], options), { a: '3.0', b: '1' })
    const always: World = { ...threeVersions, b: { '1': { requires: ['a<2'], extras: { x: [] } } } }
    const { pins } = await resolve(asking(['b[x]'], options), new WorldProvider(always))
    assert.equal(pins.get(name('a'))?.requiredBy.length, 1)
  })

  test('an excluded project is required by nobody', async () => {
    const world = { b: { '1': ['a', 'missing'] } }
    const excludes = [{ name: name('a') }, { name: name('missing') }]
    assert.deepEqual(await choose(world, ['b', 'a'], { excludes }), { b: '1' })
  })

  test('an override whose marker does not hold leaves nothing in place of what it replaces', async () => {
    const options = { overrides: stated(['a==3.0 ; os_name == "nt"']) }
    assert.deepEqual(await choose({ ...threeVersions, b: { '1': ['a<2'] } }, ['b', 'a'], options), {
      b: '1',
    })
  })

  test('overrides and excludes may be for one project or version, the nearest counting most', async () => {
    const world = { ...threeVersions, b: { '1': ['a<2'], '2': ['a<2'] }, c: { '1': ['a'] } }
    const [all, ofB, ofOne] = ['a==3.0', 'a==2.0', 'a==1.0'].map((text) => stated([text])[0]!)
    const b = { name: name('b') }
    const overrides = [
      all!,
      { ...ofB!, within: b },
      { ...ofOne!, within: { ...b, version: parseVersion('1.0') } },
    ]
    assert.deepEqual(await choose(world, ['c'], { overrides }), { a: '3.0', c: '1' })
    assert.deepEqual(await choose(world, ['b'], { overrides }), { a: '2.0', b: '2' })
    assert.deepEqual(await choose(world, ['b<2'], { overrides }), { a: '1.0', b: '1' })
    assert.equal(await choose(world, ['b', 'c'], { overrides }), 'none')
    const excludes = [{ name: name('a'), within: b }]
    assert.deepEqual(await choose(world, ['b', 'c'], { overrides, excludes }), {
      a: '3.0',
      b: '2',
      c: '1',
    })
  })

  test('an override for one project adds what its versions do not declare', async () => {
    const world = { ...threeVersions, b: { '1': [] }, c: { '1': [] } }
    const overrides = [{ ...stated(['a<3'])[0]!, within: { name: name('b') } }]
    assert.deepEqual(await choose(world, ['b'], { overrides }), { a: '2.0', b: '1' })
    assert.deepEqual(await choose(world, ['c'], { overrides }), { c: '1' })
  })
})

suite('direct URLs', () => {
  const world: World = {
    a: { '1': [], '9 @ https://x.example/a.whl': ['b @ https://x.example/b.whl'] },
    b: { '1': [], '5 @ https://x.example/b.whl': [] },
    c: { '1': ['a>=5'], '2': ['b @ https://x.example/b.whl'] },
  }

  test('take their project away from the index, wherever it is required', async () => {
    assert.deepEqual(await choose(world, ['c', 'a @ https://x.example/a.whl']), {
      a: '9',
      b: '5',
      c: '2',
    })
    assert.equal(await choose(world, ['a<9', 'a @ https://x.example/a.whl']), 'none')
  })

  test('are refused from what an index serves', async () => {
    assert.deepEqual(await choose(world, ['c', 'a']), 'none')
    assert.deepEqual(await choose({ ...world, c: { '1': [], '2': world['c']!['2']! } }, ['c']), {
      c: '1',
    })
  })

  test('two for one name are an error', async () => {
    const asked = asking(['a @ https://x.example/a.whl', 'a @ https://y.example/a.whl'])
    await assert.rejects(resolve(asked, new WorldProvider(world)), (error) => {
      assert.ok(error instanceof ConflictingUrls)
      assert.match(error.message, /https:\/\/x\.example\/a\.whl and https:\/\/y\.example\/a\.whl/)
      return true
    })
  })

  test('that lead to each other are followed once', async () => {
    const circle: World = {
      a: { '1 @ https://x.example/a': ['b @ https://x.example/b'] },
      b: { '1 @ https://x.example/b': ['a @ https://x.example/a'] },
    }
    assert.deepEqual(await choose(circle, ['a @ https://x.example/a']), { a: '1', b: '1' })
  })
})

suite('along the way', () => {
  test('events tell of decisions, rejected versions and conflicts', async () => {
    const events: string[] = []
    const onEvent = (event: ResolveEvent) =>
      events.push(
        event.kind === 'conflict' ? event.kind : `${event.kind} ${event.name} ${event.version}`,
      )
    const world = { a: { '1': ['b'], '2': ['b', 'c'] }, b: { '1': [] }, c: { '1': ['b>1'] } }
    await choose(world, ['a'], { onEvent })
    assert.deepEqual(events, [
      'decided a 2',
      'decided b 1',
      'rejected c 1',
      'conflict',
      'decided a 1',
      'decided b 1',
    ])
  })

  test('projects are announced before they are asked for', async () => {
    const provider = new WorldProvider({ a: { '1': ['b'] }, b: { '0': [] } })
    await resolve(asking(['a']), provider)
    const hints = provider.hints.map((hint) => (hint.kind === 'projects' ? hint.names.join() : ''))
    assert.deepEqual(hints, ['a', 'b'])
  })

  test('the best versions of all that is required are announced together', async () => {
    const provider = new WorldProvider({
      app: { '1': ['a', 'b<2', 'c ; os_name == "nt"'] },
      ...threeVersions,
      b: { '1': [], '2': [] },
    })
    await resolve(asking(['app']), provider)
    const announced = provider.hints
      .filter((hint) => hint.kind === 'dependencies')
      .map(({ candidates }) => candidates.map((each) => `${each.name} ${each.version}`).join())
    assert.deepEqual(announced, ['a 3.0,b 1'])
  })

  test('two projects that keep conflicting change places', async () => {
    const blocked = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`2.${at}`, ['a==1']]))
    const world = {
      a: { '1': [], '2': [] },
      b: { '1': ['ancient'], ...blocked },
      ancient: { '1': [] },
    }
    assert.deepEqual(await choose(world, ['a', 'b']), { a: '1', b: '2.29' })
  })

  test('an error of the provider passes through', async () => {
    const provider = new WorldProvider(threeVersions)
    provider.dependencies = () => Promise.reject(new Error('the disk is full'))
    await assert.rejects(resolve(asking(['a']), provider), /the disk is full/)
  })
})
