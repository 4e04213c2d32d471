import assert from 'node:assert/strict'
import { it } from 'node:test'
import { until } from '@cheeseshop/testing'
import { Log, type LogOptions, redact } from './log.ts'

function logTo(lines: string[], options: Partial<LogOptions> = {}): Log {
  const clock = () => new Date('2026-01-02T03:04:05Z')
  return new Log({
    level: 'info',
    format: 'text',
    clock,
    write: (text) => lines.push(text),
    ...options,
  })
}

it('writes one line an entry, as text or as JSON, and nothing below its level', () => {
  const lines: string[] = []
  const log = logTo(lines)
  log.info('GET /', { status: 200, agent: 'pip "26"', nothing: undefined })
  log.debug('not this')
  log.flush()
  const time = '2026-01-02T03:04:05.000Z'
  assert.deepEqual(lines, [`${time} info  GET / status=200 agent="pip \\"26\\""\n`])
  const json: string[] = []
  const other = logTo(json, { format: 'json', level: 'error' })
  other.warn('not this')
  other.error('this', { id: 1 })
  other.flush()
  assert.deepEqual(JSON.parse(json.join('')), { time, level: 'error', message: 'this', id: 1 })
})

it('lets no value pretend to be another line', () => {
  const lines: string[] = []
  const log = logTo(lines)
  log.info('a\nb\r\nc', { agent: 'x\n2026-01-02 error  forged' })
  log.flush()
  assert.equal(lines.join('').split('\n').length, 2)
})

it('lets no value speak to the terminal it is read on', () => {
  for (const format of ['text', 'json'] as const) {
    const lines: string[] = []
    const log = logTo(lines, { format })
    log.info('GET /\x1b[2J', { agent: 'a\x9b31mb\x1b[0m\x7f' })
    log.flush()
    assert.doesNotMatch(lines.join('').trimEnd(), /\p{Cc}/u)
    assert.match(lines.join(''), /a\\u009b31mb\\u001b\[0m\\u007f/)
  }
})

it('gathers lines and writes them together', async () => {
  const lines: string[] = []
  const log = logTo(lines)
  log.info('a')
  log.info('b')
  assert.deepEqual(lines, [])
  await until(() => lines.length > 0)
  assert.equal(lines.length, 1)
})

it('takes secrets out', () => {
  assert.equal(redact('GET /?t=pypi-AbC_d-efghijkl end'), 'GET /?t=pypi-*** end')
  assert.equal(redact('postgres://me:secret@host/db'), 'postgres://me:***@host/db')
  assert.equal(
    redact('see pypi-server and http://host:80/x@y'),
    'see pypi-server and http://host:80/x@y',
  )
})
