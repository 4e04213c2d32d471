import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ProjectFile } from '@cheeseshop/packaging'
import { serve, temporaryFolder } from '@cheeseshop/testing'
import { FileTable } from '../indexes/file-table.ts'
import { demo, jsonPage, opened } from '../testing/opened.ts'
import { packedForm } from './packed-page.ts'

const filenames = [
  'demo-1.10-py3-none-any.whl',
  'notes.txt',
  'demo-1.9-2-cp311-cp311-manylinux_2_17_x86_64.whl',
  'demo-1.9.tar.gz',
  'other-3.0-py3-none-any.whl',
  'Demo-1.9.0-py3-none-any.whl',
  'demo-1.9-py2.7.egg',
]

function file(filename: string, place: number): ProjectFile {
  const hashes = { sha256: String(place).repeat(64) }
  const yanked = place === 0 ? 'bröken \u2028' : false
  const more = place % 2 === 0 ? { requiresPython: '>=3.9', size: 2 ** 40 + place } : {}
  return { filename, url: `https://x.example/${filename}`, hashes, yanked, ...more }
}

const files = filenames.map(file)
const detail = { meta: { apiVersion: '1.4' }, name: 'demo', versions: ['1.9', '1.10'], files }

test('a table has the rows of each release together, oldest first, and no row of anything else', () => {
  const { releases, ends, tags, file } = FileTable.of(demo, files).parts
  assert.deepEqual(
    [releases, ends],
    [
      ['1.9.0', '1.10'],
      [3, 4],
    ],
  )
  const rows = [0, 1, 2, 3].map((row) => file(row).filename)
  assert.deepEqual(rows, [filenames[5], filenames[2], filenames[3], filenames[0]])
  assert.deepEqual(tags, ['py3-none-any', 'cp311-cp311-manylinux_2_17_x86_64'])
})

test('a page comes out of its packed form as it went in', () => {
  const table = FileTable.of(demo, files)
  const { body, rest } = packedForm.pack({ detail, table })
  const read = (start: number, end: number) => Buffer.from(rest!.subarray(start, end))
  const never = () => assert.fail()
  const stored = { size: rest!.length, read, readAll: never, fail: never }
  const page = packedForm.unpack(Buffer.from(body), stored, 'a mark')
  assert.deepEqual({ ...page.detail }, detail)
  assert.equal(page.mark, 'a mark')
  const values = ({ parts }: FileTable) => ({ ...parts, places: parts.places(), file: 0 })
  assert.deepEqual(values(page.table), values(table))
  const all = (from: FileTable) => filenames.map((_, row) => from.parts.file(row))
  assert.deepEqual(all(page.table), all(table))
})

test('a page from the cache says what it said when it came', async () => {
  await using folder = await temporaryFolder()
  const body = JSON.stringify({
    ...{ meta: { 'api-version': '1.4' }, name: 'demo', versions: ['1.9'] },
    files: files.map(({ filename, hashes }) => ({ filename, hashes, url: filename })),
  })
  const headers = { 'cache-control': 'max-age=600' }
  await using server = await serve((_, response) => void response.writeHead(200, headers).end(body))
  const ask = async () => {
    using index = opened({ indexes: [{ url: server.url }], cache: { folder: folder.path } })
    const found = await index.client.project(demo)
    return { detail: { ...found!.detail }, rows: found!.table.files() }
  }
  const first = await ask()
  assert.deepEqual(await ask(), first)
  assert.equal(server.requests.length, 1)
})

/** More than is read at first. */
const many = Array.from({ length: 900 }, (_, minor) => `demo-1.${minor}-py3-none-any.whl`)

test('files that were damaged on the disk are an error once, and then asked for anew', async () => {
  await using folder = await temporaryFolder()
  const headers = { 'cache-control': 'max-age=600' }
  await using server = await serve(
    (_, response) => void response.writeHead(200, headers).end(jsonPage(many)),
  )
  const ask = async () => {
    using index = opened({ indexes: [{ url: server.url }], cache: { folder: folder.path } })
    return (await index.client.project(demo))!.detail.files.length
  }
  assert.equal(await ask(), many.length)
  const [entry] = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter(
    (each) => each.isFile(),
  )
  const path = join(entry!.parentPath, entry!.name)
  const bytes = readFileSync(path)
  bytes[bytes.length - 10]! ^= 1
  writeFileSync(path, bytes)
  await assert.rejects(ask(), { name: 'DamagedCacheEntry', hint: /run the command again/ })
  assert.equal(await ask(), many.length)
  assert.equal(server.requests.length, 2)
})
