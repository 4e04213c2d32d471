/** The bundle as a program: it does what the sources do, and a short run loads little. */
import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { readdirSync, type Stats } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { desk } from '../../packages/cli/src/testing/desk.ts'
import { wheel } from '../../packages/testing/src/mod.ts'
import { runCommand } from '../run-command.ts'
import { bundleTool } from './bundle-tool.ts'

let folder: string
let libraries: string[]

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  libraries = await bundleTool(join(import.meta.dirname, '../..'), join(folder, 'dist'))
  const loaded = '[...process.moduleLoadList, ...Object.keys(require.cache)]'
  const tell = `process.on("exit", () => console.error(${loaded}.join("\\n")))`
  await writeFile(join(folder, 'tell.cjs'), tell)
})
after(() => rm(folder, { recursive: true }))

function run(...words: string[]) {
  const main = join(folder, 'dist', 'main.cjs')
  return runCommand(process.execPath, ['--require', join(folder, 'tell.cjs'), main, ...words], {
    env: { HOME: folder, PATH: '/usr/bin:/bin' },
    cwd: folder,
  })
}

const pick = ({ size, ino, mtimeMs }: Stats) => ({ size, ino, mtimeMs })

const heavy = /^NativeModule (crypto|http|https|tls|zlib|child_process|worker_threads)$/gm

test('a run that needs none of the heavy modules of Node loads none', async () => {
  const { code, stdout, stderr } = await run('--version')
  assert.deepEqual([code, stdout], [0, 'cheese 0.1.0\n'])
  assert.match(stderr, /^NativeModule fs$/m)
  assert.deepEqual(stderr.match(heavy), null)
})

test('what is written to a file or a pipe needs no stream', async () => {
  const main = join(folder, 'dist', 'main.cjs')
  const shell = 'for to in /dev/null out; do "$@" > $to; done; "$@" | cat; cat out'
  const words = [process.execPath, '--require', join(folder, 'tell.cjs'), main, '--version']
  const { code, stdout, stderr } = await runCommand('sh', ['-c', shell, 'sh', ...words], {
    env: { HOME: folder, PATH: '/usr/bin:/bin' },
    cwd: folder,
  })
  assert.deepEqual([code, stdout], [0, 'cheese 0.1.0\ncheese 0.1.0\n'])
  assert.equal(stderr.match(/^NativeModule fs$/gm)?.length, 3)
  assert.ok(!stderr.includes('NativeModule stream\n'))
})

test('a heavy module works where it is needed', async () => {
  const path = join(folder, 'demo.txt')
  await writeFile(path, 'Brie')
  const { code, stdout, stderr } = await run('hash', path)
  assert.equal(code, 0, stderr)
  assert.ok(stdout.includes(hash('sha256', 'Brie')), stdout)
  assert.ok(stderr.match(heavy)?.includes('NativeModule crypto'))
})

test('pages in HTML are read, and threads that unpack and link load nothing of the program', async () => {
  await using at = await desk()
  const large = wheel('large', '1.0').file('large/noise.txt', randomBytes(2 ** 20).toString('hex'))
  for (let file = 0; file < 3000; file += 1) large.file(`large/${file % 10}/${file}.py`, '')
  at.offer(large)
  const main = join(folder, 'dist', 'main.cjs')
  const page = at.folder.join('page.html')
  await writeFile(page, '<a href="files/large-1.0-py3-none-any.whl">large</a>')
  const words = [main, 'install', 'large', '--no-index', '--find-links', page]
  const { code, output } = await runCommand(process.execPath, words, {
    env: { HOME: folder, PATH: '/usr/bin:/bin', VIRTUAL_ENV: at.folder.join('env') },
  })
  assert.equal(code, 0, output)
  assert.deepEqual(
    output
      .replaceAll(/ in .*/g, '')
      .trim()
      .split('\n'),
    ['Resolved 1 project', 'Prepared 1 wheel', 'Installed 1 project', '+ large 1.0'],
  )
  assert.equal(readdirSync(join(at.sitePackages, 'large/9')).length, 300)
})

test('a resolution loads neither what Node measures performance with nor what reads HTML', async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0'))
  const links = ['--no-index', '--find-links', at.folder.join('files')]
  const words = ['install', '--dry-run', 'demo', ...links, '--python', at.folder.join('env')]
  const { code, output } = await run(...words)
  assert.equal(code, 0, output)
  assert.match(output, /^Resolved 1 project in /m)
  assert.match(output, /main\.cjs$/m)
  assert.doesNotMatch(output, /^NativeModule perf_hooks$|parse5\.cjs$/m)
})

test('what V8 made of a run is kept for the next, and each kind of run adds its part', async () => {
  await mkdir(join(folder, 'bin'))
  await copyFile(join(import.meta.dirname, '../launcher/start.cjs'), join(folder, 'bin/cheese.cjs'))
  const start = async (...words: string[]) => {
    const cache = join(folder, 'kept')
    const { code, stdout } = await runCommand(
      process.execPath,
      [join(folder, 'bin/cheese.cjs'), ...words],
      { env: { XDG_CACHE_HOME: cache, PATH: '/usr/bin:/bin' } },
    )
    assert.equal(code, 0)
    const names = await readdir(cache, { recursive: true })
    const [name] = names.filter((each) => /\/main-[\w-]+\.cjs\.code$/.test(each))
    const path = join(cache, name!)
    return { stdout, path, ...pick(await stat(path)) }
  }
  const first = await start('--version')
  assert.deepEqual(await start('--version'), first)
  const more = await start('hash', join(folder, 'demo.txt'))
  assert.ok(more.size > first.size, `${more.size} and ${first.size}`)
  for (const size of [0, 20, 2000, more.size - 1]) {
    await truncate(first.path, size)
    const again = await start('--version')
    assert.equal(again.stdout, 'cheese 0.1.0\n')
    assert.ok(again.size > first.size * 0.9, `${size}: ${again.size}`)
  }
})

test('the libraries inside are told, for their licences', () => {
  assert.deepEqual(libraries, ['entities', 'parse5', 'smol-toml'])
})
