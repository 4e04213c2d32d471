/** Records an index: a server that passes pages and files on once and keeps them as a folder that nginx can serve. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { bytesSource } from '@cheeseshop/archive'
import { readWheel } from '@cheeseshop/packaging'
import { JSON_PAGE } from '../measure/media-types.ts'
import { asJsonPage } from './recorded-page.ts'

export interface Recorder extends AsyncDisposable {
  /** Root of its simple API. */
  readonly simpleUrl: string
}

/** `folder` gets `simple/<name>/index.json`, the same compressed, and `files/<host>/<path>`. */
export async function openRecorder(folder: string, upstream: string): Promise<Recorder> {
  setDefaultCACertificates([...getCACertificates('default'), ...getCACertificates('system')])
  const server = createServer((request, response) => {
    answer(folder, upstream, decodeURIComponent(request.url!)).then(
      ({ mediaType, body }) => response.writeHead(200, { 'Content-Type': mediaType }).end(body),
      (error) => response.writeHead(error instanceof Absent ? 404 : 502).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    simpleUrl: `http://127.0.0.1:${port}/simple/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

class Absent extends Error {}

async function answer(folder: string, upstream: string, path: string) {
  const project = /^\/simple\/([a-z0-9-]+)\/$/.exec(path)?.[1]
  const file = /^\/files\/([\w.-]+\/[\w./+!-]+)$/.exec(path)?.[1]
  if (project !== undefined) {
    const kept = join(folder, 'simple', project, 'index.json')
    const body = await keep(kept, async () => {
      const page = relocate(await askPage(upstream, project))
      await store(`${kept}.gz`, gzipSync(page))
      return page
    })
    return { mediaType: JSON_PAGE, body }
  }
  if (file === undefined || file.includes('..')) throw new Absent(`There is no ${path} here`)
  const body = await keepFile(folder, file)
  return { mediaType: 'application/octet-stream', body }
}

async function askPage(upstream: string, project: string): Promise<Buffer> {
  const page = await ask(`${upstream}${project}/`, JSON_PAGE)
  const described = new URL(`../pypi/${project}/json`, upstream).href
  return asJsonPage(page, async () => (await ask(described)).body)
}

/** Files are named relative to the page, so that the recording works at every address. */
function relocate(page: Buffer): Buffer {
  return Buffer.from(page.toString().replaceAll(/"url": ?"https:\/\//g, '"url":"../../files/'))
}

function keepFile(folder: string, file: string): Promise<Buffer> {
  return keep(join(folder, 'files', file), async () => {
    try {
      return (await ask(`https://${file}`)).body
    } catch (error) {
      const wheel = /^.*\.whl(?=\.metadata$)/.exec(file)?.[0]
      if (wheel === undefined || !(error instanceof Absent)) throw error
      return metadataIn(await keepFile(folder, wheel), basename(wheel))
    }
  })
}

async function metadataIn(wheel: Buffer, filename: string): Promise<Buffer> {
  const { metadataBytes } = await readWheel(bytesSource(wheel), filename)
  if (metadataBytes === undefined) throw new Absent(`There is no METADATA in ${filename}`)
  return Buffer.from(metadataBytes)
}

async function keep(path: string, fetched: () => Promise<Buffer>): Promise<Buffer> {
  return readFile(path).catch(async () => {
    const body = await fetched()
    await store(path, body)
    return body
  })
}

async function store(path: string, body: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.${process.pid}-${Math.random()}`
  await writeFile(part, body)
  await rename(part, path)
}

async function ask(url: string, accept = '*/*') {
  const response = await fetch(url, { headers: { Accept: accept } })
  if (response.status === 404) throw new Absent(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const contentType = response.headers.get('content-type') ?? ''
  return { url, contentType, body: Buffer.from(await response.arrayBuffer()) }
}
