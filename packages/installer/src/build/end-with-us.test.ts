import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const hook = new URL('../../../index-server/bin/tsx-hook.js', import.meta.url).pathname
const program = `
  import { spawn } from 'node:child_process'
  import { endWithUs } from '${new URL('./end-with-us.ts', import.meta.url).href}'
  const short = spawn('true')
  const long = ['60', '61'].map((seconds) => spawn('sleep', [seconds]))
  for (const each of [short, ...long]) endWithUs(each)
  short.once('close', () => console.log(JSON.stringify(long.map(({ pid }) => pid))))
`

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what was started ends with the one who started it, and that one by its signal', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const words = ['--import', hook, '--input-type=module', '-e', program]
    const parent = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = await once(parent.stdout.setEncoding('utf8'), 'data')
    const children: number[] = JSON.parse(said)
    assert.ok(children.every(isRunning))
    parent.kill(signal)
    assert.deepEqual(await once(parent, 'exit'), [null, signal])
    for (let tries = 0; children.some(isRunning) && tries < 200; tries++) await sleep(10)
    assert.deepEqual(children.filter(isRunning), [])
  }
})
