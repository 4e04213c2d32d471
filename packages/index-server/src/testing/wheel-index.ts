/** An upstream for tests that serves wheels. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type BuiltDistribution, type Script, sendFile, wheel } from '@cheeseshop/testing'

export const small = wheel('demo', '1.0').requires('other>=2').build()
export const big = wheel('demo', '2.0').file('demo/data.bin', pseudoRandom(1_500_000)).build()

/** Bytes that do not compress, the same in each run. */
function pseudoRandom(size: number): Uint8Array {
  const digests = Array.from({ length: size / 32 }, (_, at) =>
    createHash('sha256').update(String(at)).digest(),
  )
  return Buffer.concat(digests)
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Serves wheels with ranges; `more` goes into the entries of the page, `override` has the first word on files. */
export function wheelIndex(
  built: readonly BuiltDistribution[],
  more: object = {},
  override?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean,
): Script {
  const files = Object.fromEntries(
    built.map(({ filename, bytes }) => [`/files/${filename}`, bytes]),
  )
  const entries = built.map(({ filename, bytes }) => ({
    filename,
    url: `/files/${filename}`,
    hashes: { sha256: sha256(bytes) },
    size: bytes.length,
    ...more,
  }))
  const page = JSON.stringify({
    meta: { 'api-version': '1.1' },
    name: 'demo',
    versions: [],
    files: entries,
  })
  let count = 0
  return (request, response) => {
    if (request.url === '/simple/demo/') response.end(page)
    else if (!override?.(request, response, count++)) sendFile(files, request, response)
  }
}

export const fileRequests = (paths: readonly string[]) =>
  paths.filter((path) => path.includes('/files/'))
