/** Parts of the public index as resolvelib recorded them in 2020, served as an index of wheels that only have metadata. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tryParseVersion } from '../../packages/packaging/src/mod.ts'

/** Name -> version -> Requires-Dist. */
export type Recorded = Map<string, Map<string, readonly string[]>>

type ReadonlyRecorded = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

type Graph = Record<string, Record<string, { readonly dependencies?: unknown }>>

/** Reads the graphs out of a clone of sarugaku/resolvelib, with or without a work tree. */
export function readRecorded(repository: string): Recorded {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  const folder = 'tests/functional/python/inputs/index/'
  const paths = git('ls-tree', '-r', '--name-only', 'HEAD', folder).trim().split('\n')
  const recorded: Recorded = new Map()
  for (const path of paths.filter((each) => each.includes('/pypi-'))) {
    const graph: Graph = JSON.parse(git('show', `HEAD:${path}`))
    for (const [name, versions] of Object.entries(graph)) {
      const known = recorded.get(normalize(name)) ?? new Map<string, readonly string[]>()
      recorded.set(normalize(name), known)
      for (const [version, { dependencies }] of Object.entries(versions)) {
        // Of some versions it could not be recorded, and some are none.
        const parsed = tryParseVersion(version)
        if (parsed && Array.isArray(dependencies)) known.set(`${parsed}`, dependencies)
      }
    }
  }
  return recorded
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/** Answers pages and metadata, and counts how often metadata are asked for. */
export class RecordedIndex implements AsyncDisposable {
  readonly url: string
  metadataAsked = 0
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`
  }

  static async open(recorded: ReadonlyRecorded): Promise<RecordedIndex> {
    const server = createServer((request, response) => {
      const [, kind, name = '', version] = decodeURIComponent(request.url ?? '').split('/')
      const versions = recorded.get(name)
      if (versions === undefined) return void response.writeHead(404).end()
      if (kind === 'simple') {
        const type = 'application/vnd.pypi.simple.v1+json'
        return void response.writeHead(200, { 'content-type': type }).end(pageOf(name, versions))
      }
      index.metadataAsked++
      response.end(metadataOf(name, version ?? '', versions.get(version ?? '') ?? []))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const index = new RecordedIndex(server)
    return index
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

function pageOf(name: string, versions: ReadonlyMap<string, unknown>): string {
  const files = [...versions.keys()].map((version) => {
    const filename = `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`
    const url = `/files/${name}/${version}/${filename}`
    return {
      filename,
      url,
      hashes: {},
      'core-metadata': true,
      'upload-time': '2020-11-17T00:00:00Z',
    }
  })
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name,
    versions: [...versions.keys()],
    files,
  })
}

function metadataOf(name: string, version: string, requires: readonly string[]): string {
  const lines = requires.map((each) => `Requires-Dist: ${each}\n`)
  const extras = new Set(
    requires.flatMap((each) => each.match(/(?<=extra\s*==\s*['"])[^'"]+/g) ?? []),
  )
  const provided = [...extras].map((extra) => `Provides-Extra: ${extra}\n`)
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${provided.join('')}${lines.join('')}`
}
