import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { listProjectFiles, readListedFile, readProjectDetail } from '../mod.ts'

const baseUrl = 'https://index.example/simple/demo/'

/** What `listProjectFiles` says of a page, in the words of `readProjectDetail`. */
function readListed(body: Buffer) {
  const listed = listProjectFiles(body, baseUrl)
  if (listed === undefined) return undefined
  const { filenames, requiresPython, isYanked, starts, ends } = listed.files
  const files = filenames.map((filename, place) => {
    const file = readListedFile(body.toString('utf8', starts[place], ends[place]), baseUrl)
    const { yanked, requiresPython: python } = file
    const said = { filename, requiresPython: requiresPython[place], isYanked: isYanked[place] }
    const read = { filename: file.filename, requiresPython: python, isYanked: yanked !== false }
    assert.deepEqual(said, read)
    return file
  })
  return { ...listed.detail, files }
}

const readWhole = (body: Buffer) => readProjectDetail(body, 'application/json', baseUrl)

const file = { filename: 'demo-1.0.tar.gz', url: '../../demo-1.0.tar.gz', hashes: { sha256: 'a' } }
const pageOf = (...files: object[]) => ({
  meta: { 'api-version': '1.1', '_last-serial': 7 },
  versions: ['1.0'],
  files,
  'project-status': { status: 'archived' },
  name: 'demo',
})

test('files that are listed are those that a reader of the whole page finds', () => {
  const files = [
    { ...file, 'requires-python': '>=3.9', size: 12, yanked: false, 'core-metadata': true },
    { ...file, 'requires-python': null, yanked: true, 'core-metadata': { sha256: 'a'.repeat(64) } },
    { ...file, 'requires-python': '', yanked: '', url: 'https://other.example/a b/demo.whl' },
    { ...file, yanked: 'say "no" \\', 'requires-python': '>=3.10', url: '/files/demo' },
    { ...file, filename: 'dem\u00f6-1.0.zip', yanked: 'br\u00f6ken \u2028', size: 1e21 },
    { url: 'c', filename: 'b', filename2: [{ filename: 'x', yanked: true }, -1.5e-7, [], {}] },
  ]
  for (const indent of [0, 2, '\t']) {
    const body = Buffer.from(`\ufeff${JSON.stringify(pageOf(...files), null, indent)}`)
    assert.deepEqual(readListed(body), readWhole(body))
  }
})

test('a page is read as a whole where a part of it would not tell what it says', () => {
  const whole = JSON.stringify(pageOf(file))
  const pages = [
    JSON.stringify(pageOf()),
    JSON.stringify({ ...pageOf(), meta: { files: [file] } }),
    JSON.stringify({ meta: { files: [file] } }),
    JSON.stringify({ ...pageOf(file), more: { files: [] } }),
    JSON.stringify({ ...pageOf(file), meta: { _cheeseshop: '1.0' } }),
    ...[{ url: 'demo' }, { filename: 'demo' }, { ...file, url: 'https://[' }, 1].map((each) =>
      JSON.stringify(pageOf(file, each as object)),
    ),
    ...[20, 60, 100, whole.length - 1].map((length) => whole.slice(0, length)),
    whole.replace('"hashes"', '"hashes'),
    whole.replace('"hashes":', '"hashes":,'),
    `<a href="demo-1.0.tar.gz">"files":[</a>`,
  ]
  for (const page of pages) assert.equal(readListed(Buffer.from(page)), undefined, page)
})

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('../../a"b\\'))
const value = fc.oneof({ weight: 3, arbitrary: text }, fc.jsonValue({ maxDepth: 2 }))
const anyFile = fc
  .record({ filename: value, url: value, 'requires-python': value, yanked: value, size: value })
  .chain((all) => fc.constantFrom({ ...all, ...file, yanked: all.yanked }, { ...file, ...all }))

test('whatever a page says of files, they are listed as they are read, or not at all', () => {
  const property = fc.property(fc.array(anyFile, { maxLength: 6 }), fc.nat(2), (files, indent) => {
    const body = Buffer.from(JSON.stringify(pageOf(...files), null, indent))
    const listed = readListed(body)
    if (listed !== undefined) assert.deepEqual(listed, readWhole(body))
  })
  fc.assert(property)
})

test('a page with a wrong byte is never listed as another page', () => {
  const page = Buffer.from(JSON.stringify(pageOf(file, { ...file, yanked: 'no' }, file)))
  const property = fc.property(fc.nat(page.length - 1), fc.nat(255), (at, byte) => {
    const body = Buffer.from(page)
    body[at] = byte
    const listed = unlessMalformed(() => readListed(body))
    const whole = unlessMalformed(() => readWhole(body))
    if (listed !== undefined && whole !== undefined) assert.deepEqual(listed, whole)
  })
  fc.assert(property, { numRuns: 1000 })
})

function unlessMalformed<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if ((error as Error).name === 'InvalidSimplePage') return undefined
    throw error
  }
}
