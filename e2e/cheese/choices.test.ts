import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const parts = (version: string) =>
  wheel('parts', version).file('parts.py', `version = '${version}'\n`)
const demo = (version: string, needs: string) =>
  wheel('demo', version).requires(needs).file('demo.py', `version = '${version}'\n`)

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    parts('1.0'),
    parts('1.1'),
    parts('2.0'),
    demo('1.0', 'parts>=1.0'),
    demo('2.0', 'parts>=1.1'),
  ])
})
const cheese = new Cheese(session)

async function begun(name: string) {
  const { env } = await cheese.makeEnvironment(name)
  await cheese.run(['install', 'demo==1.0', 'parts==1.1', '-q'], { env })
  return (...words: string[]) => cheese.run(words, { env })
}

test('an upgrade takes the newest of what is named, and of the rest only what it must', async () => {
  const run = await begun('upgraded')
  assert.equal((await run('install', 'demo')).output, 'Already satisfied: demo 1.0\n')
  const needed = await run('install', '-U', 'demo')
  assert.match(needed.output, /^Resolved 2 projects in TIME\n(.*\n)*~ demo 1\.0 -> 2\.0\n$/)
  assert.doesNotMatch(needed.output, /parts/)
  const eager = await run('install', '-U', '--upgrade-strategy', 'eager', 'demo')
  assert.match(eager.output, /\n~ parts 1\.1 -> 2\.0\n$/)
  const nothing = await run('install', '-U', '--upgrade-strategy', 'eager', 'demo')
  assert.equal(
    nothing.output,
    'Resolved 2 projects in TIME\nNothing to do: demo 2.0, parts 2.0 are there\n',
  )
})

test('what is there is installed again when that is asked for', async () => {
  const run = await begun('forced')
  const forced = await run('install', '--force-reinstall', 'demo==1.0')
  assert.match(forced.output, /\n~ demo 1\.0\n~ parts 1\.1 -> 2\.0\n$/)
  const ignored = await run('install', '-I', 'parts==2.0')
  assert.match(ignored.output, /\n~ parts 2\.0\n$/)
  const alone = await run('install', '--force-reinstall', '--no-deps', 'demo==1.0')
  assert.match(alone.output, /^Resolved 1 project in TIME\n(.*\n)*~ demo 1\.0\n$/)
})

test('what does not fit any more is warned of, unless that is not wanted', async () => {
  const run = await begun('broken')
  await run('install', 'demo==2.0')
  const { output, code } = await run('install', 'parts==1.0')
  assert.equal(code, 0)
  assert.match(
    output,
    /^~ parts 1\.1 -> 1\.0\nwarning: demo 2\.0 has requirement parts>=1\.1, but you have parts 1\.0\.$/m,
  )
  assert.equal((await run('check')).code, 1)
  const overlooked = ['install', '--force-reinstall', '--exclude-dependency', 'parts', 'demo==2.0']
  assert.match(
    (await run(...overlooked)).output,
    /^warning: demo 2\.0 has requirement parts>=1\.1/m,
  )
  const quiet = await run('install', '--no-warn-conflicts', '--force-reinstall', 'parts==1.0')
  assert.match(quiet.output, /~ parts 1\.0\n$/)
})

test('the lowest versions that will do are chosen when that is asked for', async () => {
  const chosen = async (...words: string[]) => {
    const { stdout } = await cheese.run([
      'lock',
      '-o',
      '-',
      '--format',
      'requirements.txt',
      ...words,
    ])
    return stdout.split('\n').filter((line) => /^\w/.test(line))
  }
  assert.deepEqual(await chosen('demo'), ['demo==2.0', 'parts==2.0'])
  assert.deepEqual(await chosen('demo>1', '--resolution', 'lowest'), ['demo==2.0', 'parts==1.1'])
  assert.deepEqual(await chosen('demo', '--resolution', 'lowest-direct'), [
    'demo==1.0',
    'parts==2.0',
  ])
})

test('a dry run says what would change, and its report is in the format of pip', async () => {
  const run = await begun('tried')
  const dry = await run('install', '-U', 'demo', 'parts', '--dry-run')
  assert.equal(
    dry.output,
    'Resolved 2 projects in TIME\nWould change:\n~ demo 1.0 -> 2.0\n~ parts 1.1 -> 2.0\n',
  )
  const { stdout } = await run('install', '-U', 'demo', '--dry-run', '--report', '-', '--quiet')
  const { version, install, environment } = JSON.parse(stdout)
  const { filename, bytes } = demo('2.0', 'parts>=1.1').build()
  const sha256 = hash('sha256', bytes)
  assert.equal(version, '1')
  assert.match(environment.python_version, /^3\.\d+$/)
  assert.equal(install.length, 1)
  const [{ download_info, metadata, ...facts }] = install
  assert.deepEqual(facts, { is_direct: false, is_yanked: false, requested: true })
  assert.ok(download_info.url.endsWith(`/${filename}`), download_info.url)
  assert.deepEqual(download_info.archive_info, { hash: `sha256=${sha256}`, hashes: { sha256 } })
  assert.deepEqual(
    [metadata.name, metadata.version, metadata.requires_dist],
    ['demo', '2.0', ['parts>=1.1']],
  )
  assert.equal((await run('freeze')).stdout, 'demo==1.0\nparts==1.1\n')
})
