import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { gunzipSync, zstdCompressSync } from 'node:zlib'
import {
  bytesSource,
  readTarZst,
  type TarFile,
  writeTarGz,
  writeTarZst,
  writeZip,
  type ZipInput,
} from '@cheeseshop/archive'
import { canHaveTwin, readWheel, readWheelTwin, writeWheelTwin } from '../mod.ts'

const filename = 'demo-1.0-py3-none-any.whl'
const info = 'demo-1.0.dist-info'
const files: Record<string, string> = {
  'demo/__init__.py': 'x = 1\n',
  [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
  [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  'demo-1.0.data/scripts/demo': '#!python\n',
}

function recordOf(contents: Record<string, string>): string {
  const rows = Object.entries(contents).map(([path, text]) => {
    const digest = createHash('sha256').update(text).digest('base64url')
    return `${path},sha256=${digest},${text.length}`
  })
  return [...rows, `${info}/RECORD,,`, ''].join('\n')
}

function wheelOf(record = recordOf(files), more: ZipInput[] = []) {
  const all = { ...files, [`${info}/RECORD`]: record }
  const entries = Object.entries(all).map(([name, bytes]) => ({
    name,
    bytes,
    ...(name.endsWith('scripts/demo') && { mode: 0o100755 }),
  }))
  return readWheel(bytesSource(writeZip([...entries, ...more])), filename)
}

async function pack(members: [name: string, text: string][]) {
  const tar = members.map(([name, text]): TarFile => {
    const bytes = Buffer.from(text)
    return { name, size: bytes.length, chunks: [bytes] }
  })
  return bytesSource(Buffer.concat(await Array.fromAsync(writeTarZst(tar, 3))))
}

async function readAll(source: Awaited<ReturnType<typeof pack>>, name = filename) {
  using twin = await readWheelTwin(source, name)
  const found = await Array.fromAsync(twin.files(), async (file) => {
    const content = Buffer.concat([...file.chunks()]).toString()
    return [file.name, file.isExecutable, content]
  })
  return { twin, found }
}

test('a twin holds the files of the wheel, RECORD first, and describes it as the wheel does', async () => {
  const wheel = await wheelOf()
  assert.equal(await canHaveTwin(wheel), true)
  const bytes = Buffer.concat(await Array.fromAsync(writeWheelTwin(wheel)))
  const names = await Array.fromAsync(readTarZst(bytesSource(bytes)), ({ name }) => name)
  assert.equal(names[0], `${info}/RECORD`)
  const { twin, found } = await readAll(bytesSource(bytes))
  assert.deepEqual(
    found.sort(),
    Object.entries(files)
      .map(([name, text]) => [name, name.endsWith('scripts/demo'), text])
      .sort(),
  )
  const { archive: _, entries: __, ...description } = wheel
  const { names: ___, files: ____, [Symbol.dispose]: _____, ...described } = twin
  assert.deepEqual(described, description)
})

test('the same wheel gives the same twin', async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(async () => Buffer.concat(await Array.fromAsync(writeWheelTwin(await wheelOf())))),
  )
  assert.deepEqual(first, second)
})

test('a wheel that RECORD does not vouch for has no twin', async () => {
  const record = recordOf(files)
  const link = { name: 'link', bytes: 'demo', mode: 0o120777 }
  const wheels = [
    wheelOf(record, [{ name: 'extra.py', bytes: '' }]),
    wheelOf(record, [{ name: `${info}/RECORD.jws`, bytes: '' }]),
    wheelOf(`${record}absent.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n`),
    wheelOf(record.replace(/,sha256=[^,]+,6/, ',,6')),
    wheelOf(record.replace(/sha256=[^,]+,6/, 'md5=abc,6')),
    wheelOf(`${record}link,sha256=abc,4\n`, [link]),
  ]
  for (const wheel of wheels) assert.equal(await canHaveTwin(await wheel), false)
})

test('a twin that holds other files than its RECORD lists, or unproven ones, is refused', async () => {
  const record: [string, string] = [`${info}/RECORD`, recordOf(files)]
  const all = Object.entries(files)
  const twins: [what: RegExp, members: [string, string][]][] = [
    [/does not begin with RECORD/, [...all, record]],
    [/holds a file that RECORD does not list/, [record, ...all, ['evil.py', '']]],
    [/holds a file that RECORD does not list/, [record, [`${info}/evil`, ''], ...all]],
    [/lacks a file that RECORD lists/, [record, ...all.slice(1)]],
    [/holds a file twice/, [record, ...all, all[0]!]],
    [/holds a file twice/, [record, record, ...all]],
    [/without a digest/, [[record[0], record[1].replace(/,sha256=[^,]+,6/, ',,6')], ...all]],
    [/lists a file twice/, [[record[0], record[1] + record[1]], ...all]],
    [/cannot be read/, [[record[0], '"'], ...all]],
    [/is empty|no members/, []],
  ]
  for (const [what, members] of twins) await assert.rejects(readAll(await pack(members)), what)
})

test('a twin with a link in it is refused, wherever the link is', async () => {
  for (const link of [`${info}/METADATA`, 'demo/__init__.py']) {
    const members = Object.entries({ [`${info}/RECORD`]: recordOf(files), ...files }).map(
      ([name, bytes]) =>
        name === link ? { name, type: 'symlink' as const, linkName: 'x' } : { name, bytes },
    )
    const tar = gunzipSync(writeTarGz(members))
    await assert.rejects(readAll(bytesSource(zstdCompressSync(tar))), /holds a symlink/)
  }
})

test('a twin of another wheel says so', async () => {
  const bytes = Buffer.concat(await Array.fromAsync(writeWheelTwin(await wheelOf())))
  const { problems } = await readWheelTwin(bytesSource(bytes), 'other-1.0-py3-none-any.whl')
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ['dist-info-mismatch', 'metadata-name'],
  )
})
