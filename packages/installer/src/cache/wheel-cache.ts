/** The wheels of the cache: each unpacked once, under the digest of its file, and never changed. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { tryParseVersion, tryParseWheelFilename } from '@cheeseshop/packaging'
import type { OnEvent } from '../events.ts'
import type { CacheFolder } from './cache-folder.ts'
import type { CachedWheel, WheelManifest } from './cached-wheel.ts'
import { isOutOfFiles } from './find-damage.ts'
import { InvalidWheel } from './invalid-wheel.ts'
import { noticeDamage } from './notice-damage.ts'
import { refuseOtherDigest, sha256Of } from './unpack-job.ts'
import { UnpackPool } from './unpack-pool.ts'

export interface WheelSource {
  /** Of the wheel. */
  readonly filename: string
  /** The bytes are those of the wheel's twin, and so are the digest and the key. */
  readonly isTwin?: boolean
  /** A path, or the whole file: bytes are handed over, and may be empty afterwards. */
  readonly source: string | Uint8Array
  /** In hexadecimal; computed when it is not known, and otherwise compared. */
  readonly sha256?: string | undefined
  /** The same as whoever brought the source here has computed it: it is not hashed once more. */
  readonly computed?: string
}

/** Counted up when the manifest changes: entries of another format are unpacked again. */
const format = 1

const digestPattern = /^[0-9a-f]{64}$/

export class WheelCache implements AsyncDisposable {
  readonly #folder: CacheFolder
  readonly #onEvent: OnEvent
  readonly #pool = new UnpackPool()
  /** Those that were looked at in this run. */
  readonly #noticed = new Set<string>()
  readonly #running = new Map<string, Promise<CachedWheel>>()

  constructor(folder: CacheFolder, onEvent: OnEvent = () => {}) {
    this.#folder = folder
    this.#onEvent = onEvent
  }

  /** Undefined when the wheel is not there; a damaged entry is thrown away. */
  get(sha256: string): CachedWheel | undefined {
    const place = this.#place(sha256)
    const written = join(place, 'manifest.json')
    const stats = statSync(written, { throwIfNoEntry: false })
    if (!stats && !existsSync(place)) return undefined
    const manifest = readManifest(written)
    const wheel = manifest && { sha256: sha256.toLowerCase(), tree: join(place, 'tree'), manifest }
    const damage = wheel ? this.#damageOf(wheel, written, stats!) : 'its manifest cannot be read'
    if (damage === undefined) return wheel
    this.discard(sha256, damage)
    return undefined
  }

  /** Unpacks a wheel unless it is there. Throws `InvalidWheel`; nothing is kept then. */
  async add(wheel: WheelSource): Promise<CachedWheel> {
    const computed = await computedFor(wheel)
    const sha256 = (wheel.sha256 ?? computed!).toLowerCase()
    if (computed !== undefined) refuseOtherDigest(wheel.filename, computed, sha256)
    const running = this.#running.get(sha256)
    if (running) return refuseOtherName(await running, wheel.filename)
    const adding = this.#add({ ...wheel, sha256, isKnown: computed !== undefined })
    this.#running.set(sha256, adding)
    return adding.finally(() => this.#running.delete(sha256))
  }

  /** Throws an entry away that turned out to be damaged. */
  discard(sha256: string, reason: string): void {
    const place = this.#place(sha256)
    const aside = this.#folder.temporaryPath()
    try {
      renameSync(place, aside)
    } catch {
      return
    }
    this.#onEvent({ type: 'cache-healed', path: place, reason })
    rmSync(aside, { recursive: true, force: true })
  }

  /** Ends the threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]()
  }

  #damageOf(wheel: CachedWheel, manifest: string, stats: Stats): string | undefined {
    if (this.#noticed.has(wheel.sha256)) return undefined
    this.#noticed.add(wheel.sha256)
    return noticeDamage(wheel, manifest, stats)
  }

  async #add({ filename, isTwin = false, source, sha256, isKnown }: NewWheel) {
    const known = this.get(sha256)
    if (known) return refuseOtherName(known, filename)
    const finished = this.#folder.temporaryPath()
    mkdirSync(finished)
    try {
      const size = typeof source === 'string' ? statSync(source).size : source.length
      const expected = isKnown ? undefined : sha256
      const job = { filename, isTwin, source, sha256: expected, folder: join(finished, 'tree') }
      const { manifest, warnings } = await this.#pool.run(job, size)
      writeFileSync(join(finished, 'manifest.json'), JSON.stringify({ format, manifest }))
      this.#folder.publish(finished, this.#place(sha256))
      for (const message of warnings) this.#onEvent({ type: 'wheel-warning', filename, message })
      this.#onEvent({ type: 'wheel-unpacked', filename, files: manifest.root.paths.length })
      return { sha256, tree: join(this.#place(sha256), 'tree'), manifest }
    } catch (error) {
      rmSync(finished, { recursive: true, force: true })
      throw error
    }
  }

  #name(sha256: string): string {
    const digest = sha256.toLowerCase()
    if (!digestPattern.test(digest)) throw new TypeError('A sha256 has 64 hexadecimal digits.')
    return join('wheels', digest.slice(0, 2), digest)
  }

  #place(sha256: string): string {
    return this.#folder.join(this.#name(sha256))
  }
}

interface NewWheel extends WheelSource {
  readonly sha256: string
  /** The digest is that of the source, and not only expected. */
  readonly isKnown: boolean
}

function computedFor({ source, sha256, computed }: WheelSource) {
  return computed ?? (sha256 === undefined ? sha256Of(source) : undefined)
}

/** Undefined when it is damaged. Throws where too many files are open, which is no fault of it. */
function readManifest(path: string): WheelManifest | undefined {
  let entry: { format?: number; manifest?: WheelManifest } | null
  try {
    entry = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isOutOfFiles(error)) throw error
    return undefined
  }
  const { manifest } = entry ?? {}
  const isWhole = Array.isArray(manifest?.root?.paths) && Array.isArray(manifest.data)
  return entry?.format === format && isWhole ? manifest : undefined
}

/** The bytes are known, but perhaps under another name: what was checked when they were unpacked is checked again. */
function refuseOtherName(wheel: CachedWheel, filename: string): CachedWheel {
  const { manifest } = wheel
  if (manifest.filename === filename) return wheel
  const parsed = tryParseWheelFilename(filename)
  const version = tryParseVersion(manifest.version)
  if (parsed?.name === manifest.name && version?.compare(parsed.version) === 0) return wheel
  const message = `It is ${manifest.filename} under another name.`
  throw InvalidWheel.because(filename, { code: 'metadata-name', message })
}
