/** What the program says reaches whoever reads it, by whatever way. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, createReadStream, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'

const long = 'käse '.repeat(60_000)
const module = JSON.stringify(join(import.meta.dirname, 'program-output.ts'))
const program = `
const { programOutput } = await import(${module})
programOutput(1).write('käse '.repeat(60_000))
programOutput(1).write('end')
programOutput(2).write('error')
process.exit(3)`
const words = ['--input-type=module', '-e', program]

test('a file gets all of it', async () => {
  await using folder = await temporaryFolder()
  const out = openSync(folder.join('out'), 'w')
  const error = openSync(folder.join('error'), 'w')
  const { status } = spawnSync(process.execPath, words, { stdio: ['ignore', out, error] })
  closeSync(out)
  closeSync(error)
  assert.equal(status, 3)
  assert.equal(readFileSync(folder.join('out'), 'utf8'), `${long}end`)
  assert.equal(readFileSync(folder.join('error'), 'utf8'), 'error')
})

test('a pipe that is full and does not wait gets all of it once it is read', async () => {
  await using folder = await temporaryFolder()
  const pipe = folder.join('pipe')
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0)
  const fill = `
const { writeSync } = await import('node:fs')
new (await import('node:net')).Socket({ fd: 1, readable: false })
try { for (;;) writeSync(1, '-') } catch { writeSync(2, 'full') }`
  const both = openSync(pipe, constants.O_RDWR)
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${fill}\n${program}`], {
    stdio: ['ignore', both, 'pipe'],
  })
  const [said] = await once(child.stderr!, 'data')
  assert.equal(String(said), 'full')
  const read = text(createReadStream(pipe))
  closeSync(both)
  const [code] = await once(child, 'close')
  assert.equal(code, 3)
  assert.equal((await read).replace(/^-+/, ''), `${long}end`)
})

test('a pipe that nobody reads any more ends nothing', () => {
  const shell = '"$0" "$@" | true; echo $PIPESTATUS'
  const { stdout, stderr } = spawnSync('bash', ['-c', shell, process.execPath, ...words], {
    encoding: 'utf8',
  })
  assert.deepEqual([stdout, stderr], ['3\n', 'error'])
})

test('a full disk is an error where the answer goes, and none where only the rest is told', () => {
  const full = openSync('/dev/full', 'w')
  const run = (descriptor: 1 | 2) => {
    const script = `const { programOutput } = await import(${module})
try { programOutput(${descriptor}).write('text') } catch ({ code, path }) { process.exit(code === 'ENOSPC' && path === 'standard output' ? 4 : 5) }`
    const stdio = ['ignore', 'ignore', 'ignore'] as ('ignore' | number)[]
    stdio[descriptor] = full
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio }).status
  }
  assert.deepEqual([run(1), run(2)], [4, 0])
  closeSync(full)
})
