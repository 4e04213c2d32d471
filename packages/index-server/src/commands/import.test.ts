import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { loadConfig } from '../config/load-config.ts'
import { openDomain } from '../open-domain.ts'
import { commands } from './mod.ts'
import { ProgressLine } from './progress-line.ts'
import { runCommand } from './run.ts'

/** A server's folder, a folder with files to import, and a terminal when there is one. */
async function start(columns?: number) {
  const folder = await temporaryFolder()
  const data = folder.join('data')
  const run = async (...words: string[]) => {
    const said = { out: [] as string[], error: [] as string[], screen: '' }
    const screen = {
      write: (text: string) => {
        said.screen += text
      },
      columns: () => columns ?? 0,
    }
    const code = await runCommand(commands, [...words, '--data', data], {
      out: (line) => said.out.push(line),
      error: (line) => said.error.push(line),
      environment: {},
      ...(columns !== undefined && { screen }),
    })
    return { code, ...said }
  }
  assert.equal((await run('migrate')).code, 0)
  const rows = async (table: 'files' | 'upstreams') => {
    await using opened = await openDomain({ ...loadConfig({}), data })
    return await opened.domain.db.selectFrom(table).selectAll().execute()
  }
  const add = async (filename: string, bytes: Uint8Array | string) =>
    writeFile(folder.join(filename), bytes)
  const from = folder.join('.')
  return { run, rows, add, from, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

const demo = wheel('demo', '1.0').build()
const other = wheel('other', '1.0').build()

describe('an import', () => {
  it('says the sum, and of refused files the reasons with 1 as exit code', async () => {
    await using test = await start()
    const { run, add, from } = test
    await add(demo.filename, demo.bytes)
    const first = await run('import', 'folder', from)
    const sum = '1 published, 0 were there already, 0 refused'
    assert.deepEqual([first.code, first.out, first.error], [0, [sum], []])
    await add('broken-1.0-py3-none-any.whl', 'nothing')
    await add('nonsense.whl', 'nothing')
    const again = await run('import', 'folder', from)
    assert.equal(again.code, 1)
    assert.deepEqual(
      again.out.filter((line) => !line.startsWith(' ')),
      [
        'refused broken-1.0-py3-none-any.whl',
        'refused nonsense.whl',
        '0 published, 1 were there already, 2 refused',
      ],
    )
    assert.match(again.error.join('\n'), /2 of 3 files were refused/)
    const quiet = await run('import', 'folder', from, '-q')
    assert.deepEqual([quiet.code, quiet.out.length], [1, again.out.length - 1])
  })

  it('only tells what it would do with --dry-run', async () => {
    await using test = await start()
    const { run, add, from, rows } = test
    await add(demo.filename, demo.bytes)
    await run('import', 'folder', from)
    await add(other.filename, other.bytes)
    const { out } = await run('import', 'folder', from, '--dry-run')
    assert.match(out.join('\n'), /^1 files \(\d+ bytes\) would be published, 1 were there already/)
    assert.equal((await rows('files')).length, 1)
  })

  it('shows one line on a terminal, as wide as that, which is gone in the end', async () => {
    await using test = await start(30)
    const { run, add, from } = test
    await add(demo.filename, demo.bytes)
    await add(other.filename, other.bytes)
    const { screen, error } = await run('import', 'folder', from)
    const shown = screen.split(/\r|\x1b\[K/).filter((text) => text !== '')
    assert.ok(shown.length > 0)
    assert.ok(
      shown.every((text) => text.length < 30 && /^\d\/2 files|^0 files/.test(text)),
      screen,
    )
    assert.ok(screen.endsWith('\r\x1b[K'))
    assert.deepEqual(error, [])
    assert.equal((await run('import', 'folder', from, '--quiet')).screen, '')
  })

  it('writes nothing to a terminal that would obey it', async () => {
    await using test = await start(200)
    const { run, add, from } = test
    await add('\x1b]0;evil\x07-1.0.tar.gz', 'nothing')
    const { out, screen, error } = await run('import', 'folder', from)
    const said = [...out, ...error, screen.replaceAll('\x1b[K', '').replaceAll('\r', '')].join('')
    assert.match(said, /evil/)
    assert.doesNotMatch(said, /[\0-\x1f\x7f]/)
  })

  it('of a folder registers no upstream by the way, and naming one as a source does', async () => {
    await using test = await start()
    const { run, add, from, rows } = test
    await add(demo.filename, demo.bytes)
    const upstream = ['--upstream', 'https://public.example/simple/']
    for (const words of [
      ['import', 'folder', from],
      ['yank', 'demo', '1.0'],
      ['index', 'create', 'a/b'],
    ]) {
      assert.equal((await run(...words, ...upstream)).code, 0)
    }
    assert.deepEqual(await rows('upstreams'), [])
    const made = await run('index', 'create', 'a/c', '--sources', 'upstream', ...upstream)
    assert.deepEqual([made.code, (await rows('upstreams')).length], [0, 1])
  })
})

describe('progress where nobody watches', () => {
  it('is a line now and then, and none for what is soon done', () => {
    const lines: string[] = []
    let now = 0
    const progress = new ProgressLine({ line: (text) => lines.push(text), now: () => now })
    for (now = 0; now <= 61_000; now += 1000) progress.show(() => `at ${now / 1000}`)
    progress.clear()
    assert.deepEqual(lines, ['at 30', 'at 60'])
  })
})
