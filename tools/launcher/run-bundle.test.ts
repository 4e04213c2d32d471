/** The code that is kept of a run is all that it used, however long it took. */
import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommand } from '../run-command.ts'

let folder: string

/** Many functions that a run calls once, at its beginning; `long` goes on until V8 has cleaned up twice. */
const program = `
${Array.from({ length: 300 }, (_, at) => `function f${at}(a) { return [a, ${at}].map((b) => b + ${at}).join('-${at}-') }`).join('\n')}
let sum = ''
${Array.from({ length: 300 }, (_, at) => `sum += f${at}(${at})`).join('\n')}
async function goOn() {
  for (let round = 0; round < 2; round += 1) {
    const witness = new WeakRef({})
    for (let kept = []; witness.deref() !== undefined; ) {
      // What was looked at lives to the end of the turn.
      await new Promise(setImmediate)
      if (kept.length > 20) kept = []
      kept.push(Array.from({ length: 20_000 }, (_, at) => ({ at })))
    }
  }
}
if (process.argv[3] === 'long') void goOn().then(() => console.log(sum.length))
else console.log(sum.length)
`

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-bundle-'))
  for (const name of ['bin', 'dist']) await mkdir(join(folder, name))
  await copyFile(join(import.meta.dirname, 'start.cjs'), join(folder, 'bin/tool.cjs'))
  const start = await readFile(join(import.meta.dirname, 'run-bundle.cjs'), 'utf8')
  await writeFile(join(folder, 'dist/main.cjs'), `${start}\nload('program.cjs')\n`)
  await writeFile(join(folder, 'dist/program.cjs'), program)
})
after(() => rm(folder, { recursive: true }))

/** What is kept when the runs are over. */
async function keptAfter(cache: string, ...runs: readonly string[]) {
  const home = join(folder, cache)
  for (const words of runs) {
    const { code, output } = await runCommand(
      process.execPath,
      ['--bytecode-old-age=1', join(folder, 'bin/tool.cjs'), ...words.split(' ')],
      { env: { XDG_CACHE_HOME: home, PATH: '/usr/bin:/bin' } },
    )
    assert.equal(code, 0, output)
  }
  const paths = await readdir(home, { recursive: true })
  const path = paths.find((each) => each.endsWith('program.cjs.code'))!
  const bytes = await readFile(join(home, path))
  const kinds = bytes.toString('latin1', bytes.length - 1024).trim()
  return { kinds, size: (await stat(join(home, path))).size, names: paths.join('\n') }
}

test('a long run keeps as much as a short one', async () => {
  const short = await keptAfter('short', 'one short')
  const long = await keptAfter('long', 'one long')
  assert.equal(long.kinds, 'one:1')
  assert.ok(long.size > short.size * 0.98, `${long.size} and ${short.size}`)
})

test('a long run of another kind takes nothing away, and the next one like it is learned from', async () => {
  const first = await keptAfter('other', 'one short', 'two long')
  assert.equal(first.kinds, 'one:1')
  assert.match(first.names, /learn-two$/m)
  const second = await keptAfter('other', 'one short', 'two long')
  assert.equal(second.kinds, 'one:1 two:1')
  assert.ok(second.size > first.size * 0.98, `${second.size} and ${first.size}`)
  assert.doesNotMatch(second.names, /learn-two$/m)
})
