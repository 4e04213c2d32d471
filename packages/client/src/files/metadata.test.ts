import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { ProjectFile } from '@cheeseshop/packaging'
import {
  type Script,
  sdist,
  sendFile,
  serve,
  serveFiles,
  temporaryFolder,
  wheel,
} from '@cheeseshop/testing'
import { failure, fileAt, opened } from '../testing/opened.ts'

/** Larger than what one look at its end brings. */
const large = wheel('demo', '1.0')
  .requires('other>=2')
  .file('demo/data.bin', randomBytes(400_000))
  .build()
const path = `/files/${large.filename}`
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function metadataFrom(script: Script, more: Partial<ProjectFile> = {}, name = path) {
  await using server = await serve(script)
  using index = opened({})
  const result = await index.client.metadata(fileAt(server.url + name, more)).catch((e) => e)
  return {
    result,
    text: result instanceof Uint8Array ? Buffer.from(result).toString() : undefined,
    paths: server.paths(),
    requests: server.requests,
    events: index.events,
  }
}

const files = { [path]: large.bytes, [`${path}.metadata`]: large.metadata }
const everything: Script = (request, response) => sendFile(files, request, response)
const onlyWheel: Script = (request, response) =>
  sendFile({ [path]: large.bytes }, request, response)

test('metadata beside the file costs one request', async () => {
  const coreMetadata = { sha256: sha256(large.metadata) }
  const { text, paths } = await metadataFrom(everything, { coreMetadata })
  assert.equal(text, large.metadata)
  assert.deepEqual(paths, [`GET ${path}.metadata`])
})

test('a query of the file stays behind the name of its metadata', async () => {
  const { paths } = await metadataFrom(everything, { coreMetadata: true }, `${path}?sign=1#x`)
  assert.deepEqual(paths, [`GET ${path}.metadata?sign=1`])
})

test('metadata with another digest than promised is refused', async () => {
  const { result, paths } = await metadataFrom(everything, { coreMetadata: { sha256: '00' } })
  assert.equal(result.code, 'digest-mismatch')
  assert.equal(paths.length, 1)
})

test('where none is beside the wheel, the end of the wheel is read', async () => {
  for (const size of [undefined, large.bytes.length]) {
    const more = { coreMetadata: true, ...(size && { size }) }
    const { text, requests } = await metadataFrom(onlyWheel, more)
    assert.equal(text, large.metadata)
    const ranges = requests.slice(1).map(({ headers }) => headers.range)
    const tail = size === undefined ? 'bytes=-98304' : `bytes=${size - 98304}-${size - 1}`
    assert.deepEqual(ranges, [tail])
  }
})

/** Its METADATA lies before what one look at the end brings. */
const early = wheel('demo', '1.0')
  .distInfoFile('METADATA', 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n')
  .file('demo/data.bin', randomBytes(400_000))
  .build()

test('METADATA at the start of a large wheel costs a second look, bound to the first', async () => {
  const { result, requests } = await metadataFrom((request, response) => {
    response.setHeader('etag', '"one"')
    sendFile({ [path]: early.bytes }, request, response)
  })
  assert.match(Buffer.from(result).toString(), /^Metadata-Version: 2\.1/)
  assert.equal(requests.length, 2)
  assert.match(requests[1]!.headers.range ?? '', /^bytes=\d+-\d+$/)
  assert.equal(requests[1]!.headers['if-range'], '"one"')
})

test('a wheel that changes between two looks is told', async () => {
  const { result } = await metadataFrom((request, response, count) => {
    const bytes = count === 0 ? early.bytes : Buffer.concat([early.bytes, early.bytes])
    sendFile({ [path]: bytes }, request, response)
  })
  assert.equal(result.code, 'bad-body')
  assert.match(result.message, /other bytes than those asked for/)
})

const withoutRanges: Script = (_, response) => void response.end(large.bytes)

test('a server without ranges is downloaded from, and not asked for ranges again', async () => {
  await using server = await serve(withoutRanges)
  using index = opened({})
  const hashes = { sha256: sha256(large.bytes) }
  for (const query of ['?1', '?2']) {
    const file = fileAt(`${server.url}${path}${query}`, { hashes })
    assert.equal(Buffer.from((await index.client.metadata(file))!).toString(), large.metadata)
  }
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.range),
    ['bytes=-98304', undefined],
  )
  assert.equal(index.events.filter(({ type }) => type === 'warning').length, 1)
})

test('a whole wheel that had to be downloaded is checked as well', async () => {
  const { result } = await metadataFrom(withoutRanges, { hashes: { sha256: '00' } })
  assert.equal(result.code, 'digest-mismatch')
})

const lies: Record<string, Record<string, string>> = {
  'no Content-Range': {},
  'a nonsensical Content-Range': { 'content-range': 'bytes 9-1/5' },
  'a part that is not the end': { 'content-range': `bytes 0-98303/${large.bytes.length}` },
  'an encoding': {
    'content-range': `bytes ${large.bytes.length - 98304}-${large.bytes.length - 1}/${large.bytes.length}`,
    'content-encoding': 'gzip',
  },
}
for (const [name, headers] of Object.entries(lies)) {
  test(`a range answered with ${name} is not believed`, async () => {
    const { text } = await metadataFrom((request, response) => {
      if (request.headers.range === undefined) response.end(large.bytes)
      else response.writeHead(206, headers).end(large.bytes.subarray(0, 98304))
    })
    assert.equal(text, large.metadata)
  })
}

for (const [name, bytes] of [
  ['no zip file', Buffer.from('<html>not found</html>'.repeat(50))],
  ['a wheel without METADATA', wheel('demo', '1.0').without('METADATA').build().bytes],
  ['another wheel', wheel('other', '1.0').build().bytes],
] as const) {
  test(`${name} in place of the wheel is told, with the URL`, async () => {
    const { result } = await metadataFrom((request, response) =>
      sendFile({ [path]: bytes }, request, response),
    )
    assert.equal(result.code, 'bad-metadata')
    assert.match(result.message, /demo-1\.0-py3-none-any\.whl cannot be read/)
  })
}

test('a file that is gone is not found', async () => {
  await using server = await serveFiles({})
  using index = opened({})
  const error = await failure(index.client.metadata(fileAt(server.url + path)))
  assert.equal(error.code, 'not-found')
})

test('an sdist has metadata where it is served and static, else its backend must be asked', async () => {
  const built = sdist('demo', '1.0').metadataVersion('2.2').build()
  const at = `/files/${built.filename}`
  const serveText =
    (text: string): Script =>
    (request, response) =>
      sendFile({ [at]: built.bytes, [`${at}.metadata`]: text }, request, response)
  const dynamic = `Dynamic: Requires-Dist\n${built.metadata}`
  const old = built.metadata.replace('2.2', '2.1')
  const more = { coreMetadata: true } as const
  assert.equal((await metadataFrom(serveText(built.metadata), more, at)).text, built.metadata)
  assert.equal((await metadataFrom(serveText(dynamic), more, at)).result, undefined)
  assert.equal((await metadataFrom(serveText(old), more, at)).result, undefined)
  const { result, paths } = await metadataFrom(serveText(built.metadata), {}, at)
  assert.deepEqual([result, paths], [undefined, []])
})

test('a wheel on this machine is read in place', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join(large.filename), large.bytes)
  using index = opened({})
  const file = fileAt(pathToFileURL(folder.join(large.filename)).href, { coreMetadata: true })
  assert.equal(Buffer.from((await index.client.metadata(file))!).toString(), large.metadata)
})

test('metadata is kept by its digest, and by that of the wheel', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(everything)
  const url = server.url + path
  const ways = [
    fileAt(url, { coreMetadata: { sha256: sha256(large.metadata) } }),
    fileAt(url, { hashes: { sha256: sha256(large.bytes) } }),
  ]
  for (const file of ways) {
    for (const isOffline of [false, true]) {
      using index = opened({ cache: { folder: folder.path }, isOffline })
      assert.equal(Buffer.from((await index.client.metadata(file))!).toString(), large.metadata)
    }
  }
  assert.equal(server.requests.length, 2)
  using index = opened({ cache: { folder: folder.path }, isOffline: true })
  assert.equal((await failure(index.client.metadata(fileAt(url)))).code, 'offline')
})

test('metadata that was damaged in the cache is asked for anew, by whoever wants all of it', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(everything)
  const file = fileAt(server.url + path, { coreMetadata: { sha256: sha256(large.metadata) } })
  const ask = async <Answer>(what: 'needs' | 'metadata') => {
    using index = opened({ cache: { folder: folder.path } })
    return (await index.client[what](file)) as Answer
  }
  await ask('needs')
  const [entry] = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter(
    (each) => each.isFile() && each.parentPath.includes('needs'),
  )
  const kept = join(entry!.parentPath, entry!.name)
  const bytes = readFileSync(kept)
  bytes[bytes.length - 3]! ^= 1
  writeFileSync(kept, bytes)
  assert.deepEqual((await ask<{ requiresDist: string[] }>('needs')).requiresDist, ['other>=2'])
  assert.equal(server.requests.length, 1)
  assert.equal(Buffer.from(await ask<Uint8Array>('metadata')).toString(), large.metadata)
  assert.equal(server.requests.length, 2)
  assert.equal(Buffer.from(await ask<Uint8Array>('metadata')).toString(), large.metadata)
  assert.equal(server.requests.length, 2)
})

test('cache poisoning: what one server says of a wheel by its digest counts for no other server', async () => {
  await using folder = await temporaryFolder()
  const lie = large.metadata.replace('other>=2', 'evil')
  const lying: Script = (request, response) =>
    sendFile({ ...files, [`${path}.metadata`]: lie }, request, response)
  await using evil = await serve(lying)
  await using good = await serve(everything)
  const told = []
  for (const { url } of [evil, good]) {
    const file = fileAt(`${url}${path}`, {
      hashes: { sha256: sha256(large.bytes) },
      coreMetadata: true,
    })
    using index = opened({ cache: { folder: folder.path } })
    told.push((await index.client.needs(file))?.requiresDist)
  }
  assert.deepEqual(told, [['evil'], ['other>=2']])
})

test('cache poisoning: metadata out of a wheel is not kept under a digest that the page made up', async () => {
  await using folder = await temporaryFolder()
  const other = wheel('demo', '1.0').requires('evil').build()
  // Promised and not there, so that the wheel itself is read.
  await using evil = await serve((request, response) =>
    sendFile({ [path]: other.bytes }, request, response),
  )
  await using good = await serve(everything)
  const told = []
  for (const { url } of [evil, good]) {
    const coreMetadata = { sha256: sha256(large.metadata) }
    using index = opened({ cache: { folder: folder.path } })
    told.push((await index.client.needs(fileAt(`${url}${path}`, { coreMetadata })))?.requiresDist)
  }
  assert.deepEqual(told, [['evil'], ['other>=2']])
})

test('metadata asked for many times at once is fetched once', async () => {
  await using server = await serve(everything)
  using index = opened({})
  const file = fileAt(server.url + path, { coreMetadata: true })
  await Promise.all([1, 2, 3].map(() => index.client.metadata(file)))
  assert.equal(server.requests.length, 1)
})
