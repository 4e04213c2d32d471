/** The core metadata of a file, by the cheapest way its index offers. */
import { type ProjectFile, readMetadata, sdistMetadataIsStatic } from '@cheeseshop/packaging'
import type { CacheEntries } from '../cache/cache-entries.ts'
import type { CachedAnswer, HttpCache } from '../cache/http-cache.ts'
import { DamagedCacheEntry } from '../cache/stored-bytes.ts'
import { HttpStatusError } from '../client-error.ts'
import type { ClientLimits } from '../client-options.ts'
import type { HttpResponse, Transport } from '../transport/transport.ts'
import { checkDigests } from './digests.ts'
import { type FileNeeds, needsOf } from './file-needs.ts'
import { isLocal, openLocalFile } from './local-file.ts'
import { openRangeSource } from './range-source.ts'
import { readWheelMetadata } from './wheel-metadata.ts'
import type { WholeFiles } from './whole-files.ts'

export interface MetadataOptions {
  readonly transport: Transport
  readonly cache: HttpCache
  /** By digest, so never out of date: what a file needs, and behind that its METADATA. */
  readonly entries: CacheEntries<object> | undefined
  readonly limits: ClientLimits
  /** Where whole wheels go, for those who download them afterwards. */
  readonly wholeFiles: WholeFiles
}

interface Known {
  readonly needs: FileNeeds
  readonly bytes: () => Uint8Array
}

export class MetadataReader {
  readonly #options: MetadataOptions
  readonly #underWay = new Map<string, Promise<Known | undefined>>()
  /** What is in `entries`, by its key, as far as it was asked for. */
  readonly #kept = new Set<string>()
  /** Origins whose servers do not do ranges, and whether that was told. */
  readonly #rangeless = new Map<string, 'known' | 'told'>()

  constructor(options: MetadataOptions) {
    this.#options = options
  }

  /** Undefined for an sdist whose metadata must be asked of its build backend. */
  async read(file: ProjectFile): Promise<Uint8Array | undefined> {
    try {
      return (await this.#readOnce(file))?.bytes()
    } catch (error) {
      if (!(error instanceof DamagedCacheEntry)) throw error
      // It is out of the cache now, so this asks for it anew.
      return (await this.#readOnce(file))?.bytes()
    }
  }

  /** The same, as far as a resolver wants it. */
  async readNeeds(file: ProjectFile): Promise<FileNeeds | undefined> {
    return (await this.#readOnce(file))?.needs
  }

  /** Whether what was read is kept for ever, so that it will be read the same again. */
  isKept(file: ProjectFile): boolean {
    return this.#kept.has(keyOf(file) ?? '')
  }

  #readOnce(file: ProjectFile): Promise<Known | undefined> {
    let known = this.#underWay.get(file.url)
    if (known === undefined) {
      known = this.#readStored(file).finally(() => this.#underWay.delete(file.url))
      this.#underWay.set(file.url, known)
    }
    return known
  }

  /** The one way and no other; nothing is kept. */
  async readBy(way: 'served' | 'ranges', file: ProjectFile): Promise<Uint8Array | undefined> {
    if (way === 'served') return file.coreMetadata ? this.#readSibling(file) : undefined
    const { transport, limits } = this.#options
    const source = await openRangeSource(transport, file)
    return source && readWheelMetadata(source, file, limits.metadata)
  }

  async #readStored(file: ProjectFile): Promise<Known | undefined> {
    const { entries } = this.#options
    const key = keyOf(file)
    const stored = key && entries?.read(key)
    if (stored) {
      this.#kept.add(key)
      return { needs: JSON.parse(stored.body.toString()), bytes: () => stored.rest.readAll() }
    }
    const bytes = await this.#readFresh(file)
    if (bytes === undefined) return undefined
    const needs = needsOf(bytes)
    if (key !== undefined && isAsPromised(file, bytes)) {
      const body = Buffer.from(JSON.stringify(needs))
      if (entries?.write(key, {}, body, bytes)) this.#kept.add(key)
    }
    return { needs, bytes: () => bytes }
  }

  async #readFresh(file: ProjectFile): Promise<Uint8Array | undefined> {
    const isWheel = file.filename.endsWith('.whl')
    const sibling = file.coreMetadata ? await this.#readSibling(file) : undefined
    if (sibling !== undefined && (isWheel || isStatic(sibling))) return sibling
    if (!isWheel) return undefined
    return isLocal(file.url) ? this.#readLocal(file) : this.#readRemote(file)
  }

  /** PEP 658. Undefined when it is advertised and not there. */
  async #readSibling(file: ProjectFile): Promise<Uint8Array | undefined> {
    if (isLocal(file.url)) return undefined
    const { cache, limits } = this.#options
    const { coreMetadata } = file
    const url = new URL(file.url)
    url.pathname += '.metadata'
    url.hash = ''
    // What `entries` keeps need not be kept twice.
    const keep = keyOf(file) === undefined
    try {
      const read = ({ body }: CachedAnswer) => {
        if (typeof coreMetadata === 'object') checkDigests(body, coreMetadata, url.href)
        return body
      }
      return await cache.get({ url, accept: '*/*', limit: limits.metadata, keep }, read)
    } catch (error) {
      if (error instanceof HttpStatusError && error.code === 'not-found') return undefined
      throw error
    }
  }

  async #readLocal(file: ProjectFile): Promise<Uint8Array> {
    await using source = await openLocalFile(file)
    return await readWheelMetadata(source, file, this.#options.limits.metadata)
  }

  async #readRemote(file: ProjectFile): Promise<Uint8Array> {
    const { transport, limits } = this.#options
    const { origin } = new URL(file.url)
    if (this.#rangeless.has(origin)) {
      this.#noteRangeless(origin)
      return this.#readWhole(file)
    }
    const found = await openRangeSource(transport, file, (answer) => {
      this.#noteRangeless(origin)
      return this.#readWhole(file, answer)
    })
    if (found instanceof Uint8Array) return found
    if (found !== undefined) return readWheelMetadata(found, file, limits.metadata)
    this.#noteRangeless(origin)
    return this.#readWhole(file)
  }

  /** One wheel is mostly wanted whole anyway, and has come with one request; who waits for more of them is told why. */
  #noteRangeless(origin: string): void {
    const known = this.#rangeless.get(origin)
    this.#rangeless.set(origin, known === undefined ? 'known' : 'told')
    if (known !== 'known') return
    const message = `${origin} does not serve parts of files; whole wheels are downloaded for their metadata.`
    this.#options.transport.emit({ type: 'warning', url: origin, message })
  }

  async #readWhole(file: ProjectFile, answer?: HttpResponse): Promise<Uint8Array> {
    const { wholeFiles, limits } = this.#options
    using here = await wholeFiles.fetch(file, answer)
    await using source = await openLocalFile(here)
    return await readWheelMetadata(source, file, limits.metadata)
  }
}

/**
 * By the digest of the metadata, else by that of the file and its place: nothing proves that the metadata is of that file,
 * so what one server says counts for no other. Undefined where the index gives neither digest.
 */
function keyOf({ coreMetadata, hashes, url }: ProjectFile): string | undefined {
  const ofMetadata = typeof coreMetadata === 'object' ? coreMetadata['sha256'] : undefined
  if (ofMetadata !== undefined) return `metadata ${ofMetadata}`
  if (hashes['sha256'] === undefined) return undefined
  // Without a query, which may be signed anew each time.
  const { protocol, host, pathname } = new URL(url)
  return `file ${hashes['sha256']} ${protocol}//${host}${pathname}`
}

/** What was read out of a wheel may differ from what the page promises beside it, and is not kept under that digest. */
function isAsPromised({ coreMetadata }: ProjectFile, bytes: Uint8Array): boolean {
  const promised = typeof coreMetadata === 'object' ? coreMetadata['sha256'] : undefined
  if (promised === undefined) return true
  return process.getBuiltinModule('node:crypto').hash('sha256', bytes, 'hex') === promised
}

function isStatic(bytes: Uint8Array): boolean {
  return sdistMetadataIsStatic(readMetadata(bytes).metadata)
}
