import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { writeProject } from '../kit/project-folder.ts'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const colour = (version: string) =>
  wheel('colour', version)
    .file('colour.py', `version = '${version}'\ndef main():\n    print('colour', version)\n`)
    .entryPoints('[console_scripts]\ncolour = colour:main\n')

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    colour('1.0'),
    colour('2.0'),
    wheel('paint', '1.0').requires('colour<2').file('paint.py', ''),
  ])
})
const cheese = new Cheese(session)

const script = (python: string, program: string) =>
  `# /// script\n# requires-python = "${python}"\n# dependencies = ["paint"]\n# ///\n${program}\n`
const kept = async () => {
  const names = await readdir(session.desk.join('.cache/cheese/v1/environments'))
  return names.filter((name) => !name.endsWith('.json'))
}

test('a script runs with what it requires, and its words, input and exit code are passed on', async () => {
  const program =
    'import sys, colour, paint; print(colour.version, sys.argv[1:], sys.stdin.read()); sys.exit(7)'
  await session.desk.write('script.py', script('>=3.8', program))
  const words = ['run', 'script.py', '--verbose', '-x', '--', 'last']
  const first = await cheese.run(words, { input: 'cheddar' })
  assert.equal(first.code, 7)
  assert.equal(first.stdout, "1.0 ['--verbose', '-x', '--', 'last'] cheddar\n")
  assert.equal(
    first.stderr.replace(/ in [\d.]+ m?s/g, ' in TIME'),
    'Resolved 2 projects in TIME\nPrepared 2 wheels in TIME\nInstalled 2 projects in TIME\n+ colour 1.0\n+ paint 1.0\n',
  )
  const [environment] = await kept()
  const again = await cheese.run(['run', '--offline', 'script.py'], { input: '' })
  assert.equal(again.output, '1.0 [] \n', 'the environment is there, and nothing is said of it')
  assert.deepEqual(await kept(), [environment])
  await session.desk.write('other.py', script('>=3.8', 'print("the same environment")'))
  await cheese.run(['run', 'other.py'])
  assert.deepEqual(await kept(), [environment], 'it is found by what is required')
  const refreshed = await cheese.run(['run', '--refresh', 'other.py'])
  assert.match(refreshed.output, /^\+ paint 1\.0$/m)
})

test('a script is known by what it says, and one that requires nothing is told nothing', async () => {
  await session.desk.write(
    'tool',
    `#!/usr/bin/env -S cheese run\n${script('>=3.8', 'import paint; print("ran")')}`,
  )
  const tool = await cheese.run(['run', './tool'])
  assert.match(tool.output, /^ran$/m)
  const bare = '# /// script\n# dependencies = []\n# ///\nprint("ran")\n'
  await session.desk.write('bare.py', bare)
  assert.equal((await cheese.run(['run', 'bare.py'])).output, 'ran\n')
})

test('a script is not run by a Python that it does not accept', async () => {
  await session.desk.write('future.py', script('>=4', 'print("ran")'))
  const { code, output } = await cheese.run(['run', 'future.py'])
  assert.equal(code, 1)
  assert.match(output, /^error: future\.py requires Python >=4, and this is Python 3\./)
})

test('what is asked for with --with comes for one run, without changing the environment', async () => {
  const { folder, env } = await cheese.makeEnvironment('own')
  await session.desk.write('plain.py', 'import colour; print(colour.version)\n')
  const newest = await cheese.run(['run', '--with', 'colour', 'plain.py'], { env })
  assert.match(newest.output, /^\+ colour 2\.0\n2\.0\n$/m)
  const program = await cheese.run(['run', '--with', 'colour==1.0', 'colour'], { env })
  assert.equal(program.stdout, 'colour 1.0\n')
  assert.equal((await cheese.run(['list'], { env })).output, '')
  const where = await cheese.run(['run', '--', 'python', '-c', 'import sys; print(sys.prefix)'], {
    env,
  })
  assert.equal(where.stdout, `${folder.replace(session.desk.folder, 'HOME')}\n`)
  const shell = await cheese.run(['run', 'sh', '-c', 'echo $VIRTUAL_ENV; exit 9'], { env })
  assert.equal(shell.code, 9)
  assert.equal(shell.stdout, where.stdout)
  const killed = await cheese.run(['run', 'sh', '-c', 'kill -TERM $$'], { env })
  assert.equal(killed.code, 128 + 15)
  const absent = await cheese.run(['run', 'no-such-program'], { env })
  assert.equal(absent.code, 1)
  assert.match(absent.output, /^error: no-such-program cannot be run: there is no such program/)
})

test('an environment with a folder in it is of use once only', async () => {
  await writeProject(session.desk, 'mine', { name: 'mine', version: '5' })
  await session.desk.write('use.py', 'import mine; print(mine.version)\n')
  const before = await kept()
  const { stdout } = await cheese.run(['run', '--with-editable', './mine', 'use.py'])
  assert.equal(stdout, '5\n')
  await writeProject(session.desk, 'mine', { name: 'mine', version: '6' })
  assert.equal((await cheese.run(['run', '--with', './mine', 'use.py'])).stdout, '6\n')
  assert.deepEqual(await kept(), before)
})
