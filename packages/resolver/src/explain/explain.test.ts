import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { NoSolution } from '../no-solution.ts'
import type { MissingProject } from '../provider.ts'
import type { ResolveRequest } from '../request.ts'
import { resolve } from '../resolve.ts'
import { asking, stated, type World, WorldProvider } from '../testing/universe.ts'
import { similarNames } from './similar-names.ts'

async function explain(
  world: World,
  requirements: readonly string[],
  options: Partial<ResolveRequest> = {},
  provider = new WorldProvider(world),
): Promise<NoSolution> {
  try {
    await resolve(asking(requirements, options), provider)
  } catch (error) {
    if (error instanceof NoSolution) return error
    throw error
  }
  throw new Error('there is a solution')
}

/** The explanation must be exactly this; the first and the last line of the text are empty. */
function says(error: NoSolution, text: string): void {
  assert.equal(`\n${error.explain().join('\n')}\n`, text)
}

suite('the explanation', () => {
  test('follows a conflict from the requirements to the project that cannot be two versions', async () => {
    const world = {
      app: { '1.0': ['server>=2', 'client'], '1.1': ['server>=2', 'client'] },
      server: { '1.9': [], '2.0': ['wire>=3,<4'], '2.1': ['wire==3.1'] },
      client: { '5.0': ['wire<3'] },
      wire: { '2.9': [], '3.0': [], '3.1': [] },
    }
    says(
      await explain(world, ['app', 'client']),
      `
No versions satisfy all requirements.

You ask for
  app     (the command line)
  client  (the command line)

app: 2 versions, 1.0, 1.1
  1.0, 1.1  requires server>=2

client: the only version is 5.0
  5.0  requires wire<3

server: 2 of 3 versions match, 2.0, 2.1
  2.1  requires wire==3.1
  2.0  requires wire>=3,<4

wire: no version matches <3 and one of ==3.1 | >=3,<4
`,
    )
  })

  test('names what does not exist, and what may have been meant', async () => {
    const world = { app: { '1': ['beautiful-soup4>=4'] }, beautifulsoup4: { '4.12': [] } }
    const error = await explain(world, ['app'])
    says(
      error,
      `
No versions satisfy all requirements.

You ask for
  app  (the command line)

app: the only version is 1
  1  requires beautiful-soup4>=4: the index has no such project

hint: beautiful-soup4 was not found; did you mean beautifulsoup4?
`,
    )
    assert.deepEqual(
      error.hints.map(({ kind }) => kind),
      ['did-you-mean'],
    )
  })

  test('hints that extras exclude each other, and only where they do', async () => {
    const world = {
      a: { '1': ['b==1 ; extra == "old"', 'b==2 ; extra == "new"', 'b>=1 ; extra == "any"'] },
      b: { '1': [], '2': [], '3': [] },
    }
    const { hints } = await explain(world, ['a[old,any,new]'])
    assert.deepEqual(hints, [{ kind: 'extras', name: 'a', extras: ['new', 'old'], target: 'b' }])
    const others = await explain(world, ['a[old,any]', 'b==2'])
    assert.deepEqual(others.hints, [])
  })

  test('lists the versions there are where none matches', async () => {
    const versions = Object.fromEntries(['1', '1.1', '1.2', '2'].map((version) => [version, []]))
    says(
      await explain({ a: versions }, ['a>=3 ; python_version > "3"']),
      `
No versions satisfy all requirements.

You ask for
  a>=3  (the command line): no version matches; there are 1 to 2
`,
    )
  })

  test('tells each version what is wrong with it, newest first, and hints at each way out', async () => {
    const world: World = {
      a: {
        '0.9': { incompatible: { kind: 'tags', message: 'has no wheel for macOS' } },
        '1.0': { incompatible: { kind: 'tags', message: 'has no wheel for macOS' } },
        '1.1': { incompatible: { kind: 'tags', message: 'has no wheel for macOS' } },
        '1.2': { yanked: 'leaks' },
        '1.3': { python: '>=3.14' },
        '1.4': { unavailable: 'has broken metadata' },
        '1.5rc1': [],
        '1.5': { incompatible: { kind: 'date', message: 'was uploaded after 2024-01-01' } },
      },
    }
    says(
      await explain(world, ['a>=1'], { prereleases: 'disallow' }),
      `
No versions satisfy all requirements.

You ask for
  a>=1  (the command line)

a: 7 of 8 versions match, 1.0 to 1.5
  1.5       was uploaded after 2024-01-01
  1.5rc1    is a pre-release
  1.4       has broken metadata
  1.3       requires Python >=3.14; this is 3.12
  1.2       was yanked: leaks
  1.0, 1.1  has no wheel for macOS

hint: a 1.5 would match but is newer than the date set
hint: a 1.5rc1 would match but is a pre-release; allow pre-releases to use it
hint: a 1.2 would match but was yanked: leaks; require exactly that version to use it all the same
hint: a 1.4 would match but has broken metadata
hint: no wheel of a 1.0, 1.1 fits; another Python may do, or a version with an sdist
hint: a would need another Python: >=3.14, and this is 3.12
`,
    )
  })

  test('names constraints as such', async () => {
    const constraints = stated(['a<2'], 'constraints.txt')
    says(
      await explain({ a: { '1': [], '2': [] } }, ['a>=2'], { constraints }),
      `
No versions satisfy all requirements.

You ask for
  a>=2  (the command line)
  a<2   (a constraint in constraints.txt)

a: no version matches both >=2 and <2

hint: the constraint a<2 (constraints.txt) keeps other versions of a out
`,
    )
  })

  test('says which extra is the reason', async () => {
    const world: World = {
      a: { '1': { extras: { x: ['b<2'] } } },
      b: { '1': [], '2': [] },
    }
    says(
      await explain(world, ['a[X]', 'b>=2']),
      `
No versions satisfy all requirements.

You ask for
  a[X]  (the command line)
  b>=2  (the command line)

a: the only version is 1
  1[x]  requires b<2

b: no version matches both >=2 and <2
`,
    )
  })

  test('names of the Pythons that would do the widest choice', async () => {
    const world: World = {
      a: Object.fromEntries(
        ['>=3.13.1', '>=3.100', '>=3.13', '>=3.14,<4', '>=3.14'].map((python, at) => [
          `${at}`,
          { python },
        ]),
      ),
    }
    const { hints } = await explain(world, ['a'])
    assert.deepEqual(hints, [
      { kind: 'python', name: 'a', requires: ['<4,>=3.14', '>=3.13'], python: '3.12' },
    ])
  })

  test('tells pre-releases that nobody asked for under the rule of pip', async () => {
    const world = { a: { '1.0': ['missing'], '2.0a1': [] } }
    const { hints } = await explain(world, ['a'], { prereleases: 'pip' })
    assert.ok(hints.some(({ kind, name }) => kind === 'prerelease' && name === 'a'))
  })

  test('tells a missing project from one that could not be looked up', async () => {
    const answers: Record<MissingProject['kind'], RegExp> = {
      'not-found': /^a was not found/,
      unauthorized: /^a may be there; give credentials in the URL/,
      'other-project': /^a is not what that URL leads to: it was so/,
      forbidden: /^a may be there; the credentials given, if any, do not/,
      offline: /^a may be there; try again without the offline setting$/,
      unreachable: /^a could not be looked up: it was so/,
      'no-index': /^a could not be looked up: it was so/,
    }
    for (const [kind, sentence] of Object.entries(answers)) {
      const provider = new WorldProvider({})
      const missing = { kind: kind as MissingProject['kind'], message: 'it was so' }
      provider.candidates = (_name: NormalizedName) => ({ versions: [], missing })
      const error = await explain({}, ['a'], {}, provider)
      assert.match(error.explain().at(-1)!.replace('hint: ', ''), sentence)
    }
  })
})

test('names are similar when they differ in separators or by a slip', () => {
  const known = ['Flask', 'flask-login', 'black', 'fl-ask', 'requests', 'pip']
  assert.deepEqual(similarNames('flak', known), ['flask'])
  assert.deepEqual(similarNames('falsk', known), ['flask'])
  assert.deepEqual(similarNames('flasklogin', known), ['flask-login'])
  assert.deepEqual(similarNames('reqeusts', known), ['requests'])
  assert.deepEqual(similarNames('numpy', known), [])
  assert.deepEqual(similarNames('pi', known), [])
})
