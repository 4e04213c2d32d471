import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { build } from '../tools/build.ts'
import { mustRun, runCommand } from '../tools/run-command.ts'
import { writeDistributions } from './kit/publish.ts'
import { mustSucceed } from './kit/publishing.ts'
import { startProgram } from './kit/server.ts'
import { openWorkplace } from './kit/workplace.ts'

let folder: string
let tarballs: string[]

/** As on a machine that has Node but neither the repository nor its tools. */
function cleanEnvironment(): Record<string, string> {
  const own = join('node_modules', '.bin')
  const path = (process.env.PATH ?? '').split(':').filter((entry) => !entry.endsWith(own))
  return { ...process.env, NODE_OPTIONS: '', PATH: path.join(':') } as Record<string, string>
}

const npx = (args: string[]) => runCommand('npx', args, { cwd: folder, env: cleanEnvironment() })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cheeseshop-published-'))
  tarballs = (await build()).map((path) => resolve(path))
  await writeFile(join(folder, 'package.json'), '{"private": true, "type": "module"}')
  const args = ['install', '--no-audit', '--no-fund', ...tarballs]
  await mustRun('npm', args, { cwd: folder, env: cleanEnvironment() })
})

after(() => rm(folder, { recursive: true, force: true }))

test('the packages bring JavaScript and declarations, and neither sources nor TypeScript', async () => {
  const { stdout } = await mustRun('npm', ['ls', '--all', '--parseable'], { cwd: folder })
  assert.doesNotMatch(stdout, /\/(typescript|oxc-transform|@biomejs)(\/|$)/m)
  const find = ['node_modules/cheeseshop/', 'node_modules/@cheeseshop/', '-name', '*.ts*']
  const found = await mustRun('find', find, { cwd: folder })
  const sources = found.stdout.split('\n').filter((path) => path !== '' && !path.endsWith('.d.ts'))
  assert.deepEqual(sources, [])
})

test('the standards are imported and parse a version', async () => {
  const program = `
    import { parseVersion } from '@cheeseshop/packaging'
    console.log(parseVersion('1.0-RC1').toString())
  `
  await writeFile(join(folder, 'use.js'), program)
  const { stdout } = await mustRun('node', ['use.js'], { cwd: folder, env: cleanEnvironment() })
  assert.equal(stdout, '1.0rc1\n')
})

test('the declarations are understood by a TypeScript program', async () => {
  const program = `
    import { parseVersion } from '@cheeseshop/packaging'
    export const text: string = parseVersion('1.0').toString()
    // @ts-expect-error a version is not a number
    export const number: number = parseVersion('1.0')
  `
  await writeFile(join(folder, 'use.ts'), program)
  const tsc = resolve('node_modules/.bin/tsc')
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', 'use.ts']
  await mustRun(tsc, options, { cwd: folder })
})

test('npx cheeseshop says what it can do', async () => {
  const { code, output } = await npx(['cheeseshop', '--help'])
  assert.equal(code, 0, output)
  assert.match(output, /serve/)
})

test('installed for all users, both programs run under the Node that came with them', async () => {
  const prefix = join(folder, 'all-users')
  const args = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', ...tarballs]
  await mustRun('npm', args, { env: cleanEnvironment() })
  for (const program of ['cheese', 'cheeseshop']) {
    const { code, output } = await runCommand(join(prefix, 'bin', program), ['--help'], {
      env: { HOME: folder, PATH: '/usr/bin:/bin' },
    })
    assert.equal(code, 0, output)
    assert.match(output, new RegExp(`Usage: ${program} `))
  }
})

test('the tool is one bundle with the licences of what is in it', async () => {
  const home = join(folder, 'node_modules', 'cheese')
  const { stdout } = await mustRun('find', ['.', '-type', 'f'], { cwd: home })
  assert.match(stdout, /^\.\/dist\/main\.cjs$/m)
  assert.doesNotMatch(stdout, /\.ts$|from-sources/m)
  const notices = await readFile(join(home, 'LICENSES-OF-LIBRARIES'), 'utf8')
  assert.deepEqual(notices.match(/^[a-z][a-z\d-]*$/gm), ['entities', 'parse5', 'smol-toml'])
  const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
  assert.equal(manifest.dependencies, undefined)
})

test('npx cheeseshop serves what twine uploads and pip installs', async () => {
  await using desk = await openWorkplace()
  const data = join(folder, 'data')
  const args = ['cheeseshop', 'serve', '--data', data, '--port', '0']
  const { url, stop } = await startProgram('npx', args, { cwd: folder, env: cleanEnvironment() })
  try {
    const token = await npx(['cheeseshop', 'token', 'create', '--data', data, '--name', 'test'])
    assert.equal(token.code, 0, token.output)
    const paths = await writeDistributions(desk, [wheel('demo', '1.0').file('demo.py', '')])
    const credentials = ['--username', '__token__', '--password', token.stdout.trim()]
    const upload = ['upload', '--repository-url', `${url}legacy/`, ...credentials, ...paths]
    await mustSucceed(desk.run('twine', ['twine', ...upload]))
    const environment = await desk.makeEnvironment('environment', 'pip')
    const install = ['-m', 'pip', 'install', '--index-url', `${url}simple/`, 'demo']
    await mustSucceed(environment.python(install))
    await mustSucceed(environment.python(['-c', 'import demo']))
    const own = join(folder, 'own')
    const made = await npx(['cheese', 'venv', own])
    assert.equal(made.code, 0, made.output)
    const cache = ['--cache-dir', join(folder, 'cache'), '--index-url', `${url}simple/`]
    const { code, output } = await npx(['cheese', 'install', '--python', own, ...cache, 'demo'])
    assert.equal(code, 0, output)
    await mustRun(join(own, 'bin', 'python'), ['-c', 'import demo'])
    for (const path of ['', 'project/demo/']) assert.equal((await fetch(url + path)).status, 200)
  } finally {
    await stop()
  }
})
