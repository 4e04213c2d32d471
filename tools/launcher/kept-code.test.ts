/** The code that is kept of a run for the next: damage heals, and nobody runs what somebody else has put there. */
import assert from 'node:assert/strict'
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from '../run-command.ts'

const isRoot = process.getuid?.() === 0

/** A program of one file in a bundle, which says one word; started as npm's link would start it. */
async function openProgram() {
  const folder = await mkdtemp(join(tmpdir(), 'kept-code-'))
  for (const name of ['bin', 'dist']) await mkdir(join(folder, name))
  await copyFile(join(import.meta.dirname, 'start.cjs'), join(folder, 'bin/tool.cjs'))
  const loader = await readFile(join(import.meta.dirname, 'run-bundle.cjs'), 'utf8')
  await writeFile(join(folder, 'dist/main.cjs'), `${loader}\nload('program.cjs')\n`)
  const cache = join(folder, 'cache')
  const compiled = join(cache, 'tool/compiled')
  return {
    compiled,
    says: (word: string) => writeFile(join(folder, 'dist/program.cjs'), programSaying(word)),
    run: (env: NodeJS.ProcessEnv = { XDG_CACHE_HOME: cache }, timeoutMs = 20_000) =>
      runCommand(process.execPath, [join(folder, 'bin/tool.cjs')], { env, timeoutMs }),
    async kept(): Promise<string[]> {
      const names = await readdir(compiled, { recursive: true }).catch(() => [])
      return names.filter((name) => name.endsWith('.code')).map((name) => join(compiled, name))
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** Enough of it that damage meets more than a header. V8 tells sources apart by their length. */
function programSaying(word: string): string {
  const functions = Array.from({ length: 200 }, (_, at) => `const f${at} = (a) => a + ${at}`)
  const calls = Array.from({ length: 200 }, (_, at) => `f${at}(sum)`)
  const sum = `let sum = 0; for (const next of [${calls.map((call) => `() => ${call}`)}]) sum = next()`
  return [...functions, sum, `console.log(${JSON.stringify(word)}, sum)`].join('\n')
}

test('damaged code is never run, and is made anew', async () => {
  await using program = await openProgram()
  await program.says('brie')
  const { stdout } = await program.run()
  assert.equal(stdout, 'brie 19900\n')
  const [path] = await program.kept()
  const whole = await readFile(path!)
  for (let at = 80; at < whole.length - 1100; at += Math.floor(whole.length / 40)) {
    const damaged = Buffer.from(whole)
    damaged[at]! ^= 0x55
    await writeFile(path!, damaged)
    const { code, stdout, output } = await program.run()
    assert.deepEqual([code, stdout], [0, 'brie 19900\n'], `byte ${at}: ${output}`)
    const healed = await readFile(path!)
    const end = healed.length - 1024
    assert.ok(healed.subarray(0, end / 2).equals(healed.subarray(end / 2, end)), `byte ${at}`)
  }
})

test('code that another user has put there is not run', async (context) => {
  if (!isRoot) {
    context.skip('only root can give a file away')
    return
  }
  await using program = await openProgram()
  await program.says('evil')
  await program.run()
  await program.says('good')
  const { stdout: planted } = await program.run()
  assert.equal(planted, 'evil 19900\n', 'what V8 is given is run, whatever the source says')
  const [path] = await program.kept()
  await chown(path!, 65_534, 65_534)
  const { stdout } = await program.run()
  assert.equal(stdout, 'good 19900\n')
})

test('nothing is kept or run from a folder that others may write to or own', async (context) => {
  if (!isRoot) {
    context.skip('only root can give a folder away')
    return
  }
  await using program = await openProgram()
  await program.says('evil')
  await program.run()
  await program.says('good')
  for (const [mode, owner] of [
    [0o777, 0],
    [0o775, 0],
    [0o700, 65_534],
  ] as const) {
    await chmod(program.compiled, mode)
    await chown(program.compiled, owner, owner)
    const { stdout } = await program.run()
    assert.equal(stdout, 'good 19900\n', `${mode.toString(8)} of ${owner}`)
  }
})

test('a home where no folder can be made does no harm', async () => {
  await using program = await openProgram()
  await program.says('brie')
  const { code, stdout } = await program.run({ HOME: '/proc/nobody' })
  assert.deepEqual([code, stdout], [0, 'brie 19900\n'])
})
