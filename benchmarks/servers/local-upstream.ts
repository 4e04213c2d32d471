/** The index that all proxies of a run stand in front of: pages and files that cost nothing to make, after a pause. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { freePort } from './server-process.ts'

export interface LocalUpstream extends AsyncDisposable {
  url: string
  /** Requests for files so far. */
  fileRequests(): number
}

export interface UpstreamContent {
  /** Sent for every filename of a project whose name starts so, by its beginning. */
  files: ReadonlyMap<string, { path: string; sha256: string }>
  /** Links on each page. */
  links: number
  /** Milliseconds before a page is sent, as a far index takes. */
  pause: number
}

/** `/simple/NAME/` for any name; HTML, which every proxy understands. */
export async function openLocalUpstream(content: UpstreamContent): Promise<LocalUpstream> {
  let requests = 0
  const fileOf = (name: string) =>
    [...content.files].find(([beginning]) => name.startsWith(beginning))?.[1]
  const server = createServer(async (request, response) => {
    const [, kind, name = ''] = (request.url ?? '').split('/')
    const file = fileOf(name)
    if (kind === 'simple' && file !== undefined) {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        response.end(pageOf(name, content.links, file.sha256))
      }, content.pause)
    } else if (kind === 'files' && file !== undefined) {
      requests++
      const { size } = await stat(file.path)
      response.writeHead(200, { 'content-type': 'application/zip', 'content-length': size })
      createReadStream(file.path).pipe(response)
    } else response.writeHead(404).end()
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    fileRequests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function filenameOf(project: string, version: number): string {
  return `${project}-${version}.0-py3-none-any.whl`
}

function pageOf(name: string, links: number, sha256: string): string {
  const lines = Array.from({ length: links }, (_, at) => {
    const filename = filenameOf(name, at)
    return `<a href="/files/${name}/${filename}#sha256=${sha256}" data-requires-python="&gt;=3.9">${filename}</a><br>`
  })
  return `<!DOCTYPE html><html><body>\n${lines.join('\n')}\n</body></html>\n`
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
