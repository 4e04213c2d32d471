import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientError } from '@cheeseshop/client'
import { clock } from './clock.ts'
import { explain } from './explain.ts'
import { Printer, type PrinterOptions } from './printer.ts'
import { Progress } from './progress.ts'
import { table } from './table.ts'
import { bytes, count, duration } from './units.ts'
import { UsageError } from './usage-error.ts'

interface Setup {
  readonly isTTY?: boolean
  readonly environment?: Record<string, string>
  readonly options?: Partial<PrinterOptions>
}

function setUp({ isTTY = false, environment = {}, options = {} }: Setup = {}) {
  const said = { out: '', error: '' }
  const output = (name: 'out' | 'error') => ({
    isTTY,
    columns: 40,
    write: (text: string) => {
      said[name] += text
    },
  })
  const terminal = { out: output('out'), error: output('error'), environment }
  return { said, printer: new Printer(terminal, { verbosity: 0, colour: 'auto', ...options }) }
}

function sayAll(setup: Setup) {
  const { said, printer } = setUp(setup)
  printer.data('data')
  printer.info('info')
  printer.detail('detail')
  printer.warning('careful')
  printer.failure('it broke', ['mend it'])
  return said
}

test('data goes to standard output, all else to standard error, less with -q and more with -v', () => {
  const failure = 'error: it broke\n\nhint: mend it\n'
  const warning = 'warning: careful\n'
  const at = (verbosity: number) => sayAll({ options: { verbosity } })
  assert.deepEqual(at(0), { out: 'data\n', error: `info\n${warning}${failure}` })
  assert.deepEqual(at(1), { out: 'data\n', error: `info\ndetail\n${warning}${failure}` })
  assert.deepEqual(at(-1), { out: 'data\n', error: `${warning}${failure}` })
  assert.deepEqual(at(-2), { out: 'data\n', error: failure })
})

test('colour is for terminals, unless someone says otherwise', () => {
  const isColoured = (setup: Setup) => sayAll(setup).error.includes('\x1b[')
  assert.equal(isColoured({}), false)
  assert.equal(isColoured({ isTTY: true }), true)
  assert.equal(isColoured({ isTTY: true, environment: { NO_COLOR: '1' } }), false)
  assert.equal(isColoured({ isTTY: true, environment: { TERM: 'dumb' } }), false)
  assert.equal(isColoured({ isTTY: true, options: { colour: 'never' } }), false)
  assert.equal(isColoured({ environment: { FORCE_COLOR: '1' } }), true)
})

test('the live line is one line of a terminal, and is gone when a step is done', () => {
  const { said, printer } = setUp({ isTTY: true, environment: { NO_COLOR: '1' } })
  const progress = new Progress(printer)
  progress.building('a-project-with-a-name-that-is-longer-than-the-terminal')
  assert.equal(said.error, '\r\x1b[KBuilding a-project-with-a-name-that-is-')
  progress.finished('Built wheel', 1, clock())
  assert.match(said.error, /\r\x1b\[KBuilt 1 wheel in \d+ ms\n$/)
  for (const setup of [{}, { isTTY: true, options: { verbosity: -1 } }]) {
    const quiet = setUp(setup)
    new Progress(quiet.printer).downloading('demo.whl', 1, 2)
    assert.equal(quiet.said.error, '')
  }
})

test('files that come while versions are chosen do not take the line from that', async () => {
  const { said, printer } = setUp({ isTTY: true, environment: { NO_COLOR: '1' } })
  const progress = new Progress(printer)
  const repainted = () => new Promise((resolve) => setTimeout(resolve, 90))
  progress.metadataRead('six')
  assert.equal(said.error, '\r\x1b[KResolving six (1 read)')
  await repainted()
  progress.downloading('flask.whl', 2000, 4000)
  assert.match(said.error, /\x1b\[KResolving six \(1 read, 2\.0 kB fetched\)$/)
  progress.finished('Resolved project', 1, clock())
  await repainted()
  progress.downloading('flask.whl', 3000, 4000)
  assert.match(said.error, /\x1b\[KDownloading 1 file: 3\.0 kB of 4\.0 kB/)
})

test('errors that users can mend end with 1, and our own with 2 and where they are from', () => {
  const usage = explain(new UsageError('no', 'first', 'second'))
  assert.deepEqual(usage, { message: 'no', hints: ['first', 'second'], code: 1 })
  const facts = { url: 'https://x.example/', hint: 'Try again.' }
  const client = explain(new ClientError('timeout', 'It took too long.', facts))
  assert.deepEqual(client, { message: 'It took too long.', hints: ['Try again.'], code: 1 })
  const full = Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC', syscall: 'write' })
  assert.deepEqual(explain(full), {
    message: 'a file cannot be written: no space is left on the file system',
    hints: ['the disk is full'],
    code: 1,
  })
  const fault = explain(new TypeError('x is not a function'))
  assert.equal(fault.code, 2)
  assert.match(fault.message, /x is not a function\n.*report\.test\.ts/s)
  const leak = explain(new UsageError('https://ada:secret@x.example/ is wrong', 'not ada:b@c'))
  assert.equal(leak.message, 'https://ada:****@x.example/ is wrong')
})

test('amounts and tables are for people', () => {
  assert.deepEqual([0, 999, 1000, 1_440_000, 5e12].map(bytes), [
    '0 B',
    '999 B',
    '1.0 kB',
    '1.4 MB',
    '5000.0 GB',
  ])
  assert.deepEqual([0.2, 85, 2310, 65_000].map(duration), ['1 ms', '85 ms', '2.31 s', '1 min 5 s'])
  assert.deepEqual([count(1, 'project'), count(2, 'project')], ['1 project', '2 projects'])
  assert.equal(
    table(
      ['A', 'Bee'],
      [
        ['long', '1'],
        ['s', ''],
      ],
    ),
    'A    Bee\n---- ---\nlong 1\ns',
  )
})
