/** A zip file opened for random access: its list of entries, and the bytes of each. */
import { type ByteSource, isPresent, passingChunksOf } from '../byte-source.ts'
import { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import { readCentralDirectory } from './central-directory.ts'
import { readEndRecord } from './end-record.ts'
import { checkReadable, passWhole, smallEntry, unpackChunks, unpackWhole } from './entry-content.ts'
import { findEntries } from './find-entries.ts'
import { locateData, locatePresentData } from './local-header.ts'
import { passEntry } from './pass-entry.ts'
import type { ZipEntry } from './zip-entry.ts'

/** Bytes of an entry that {@link Zip.read} holds unless the caller allows more. */
const readLimit = 64 * 2 ** 20

/**
 * An open zip file (PKWARE APPNOTE 6.3, ZIP64 included). Opening costs one read of the file's end
 * and at most one of the directory, whatever the size of the file.
 *
 * @example
 * ```ts
 * const zip = await Zip.open(bytesSource(writeZip([{ name: 'a.txt', bytes: 'hello' }])))
 * zip.entries.map((entry) => entry.name) // ['a.txt']
 * zip.get('a.txt')?.size // 5
 * Buffer.from(await zip.read(zip.get('a.txt'))).toString() // 'hello'
 * ```
 */
export class Zip {
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[]
  readonly #source: ByteSource
  readonly #byName: ReadonlyMap<string, ZipEntry>

  private constructor(source: ByteSource, entries: readonly ZipEntry[]) {
    this.#source = source
    this.entries = entries
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]))
  }

  /**
   * Opens a zip file. Throws InvalidArchive for anything that readers could take in two ways or
   * that is over a limit; {@link checkZip} is stricter still and reports everything at once.
   */
  static async open(source: ByteSource, limits?: Partial<ArchiveLimits>): Promise<Zip> {
    const refusing = Findings.refusing()
    const end = await readEndRecord(source, refusing)
    return new Zip(source, await readCentralDirectory(source, end, withDefaults(limits), refusing))
  }

  /**
   * As {@link Zip.open}, with only those entries whose names end with `ending`, which is ASCII. Only they are checked: for
   * a look into what comes from elsewhere in pieces, and is opened as a whole before it is used.
   */
  static async openFor(
    ending: string,
    source: ByteSource,
    limits?: Partial<ArchiveLimits>,
  ): Promise<Zip> {
    const refusing = Findings.refusing()
    const end = await readEndRecord(source, refusing)
    const wanted = { end, ending, limits: withDefaults(limits) }
    return new Zip(source, await findEntries(source, wanted, refusing))
  }

  /** The entry of exactly this name; folders end with "/". */
  get(name: string): ZipEntry | undefined {
    return this.#byName.get(name)
  }

  /**
   * All bytes of an entry, with size, CRC and local header verified. Throws InvalidArchive, also
   * when the entry has more than `limit` bytes (64 MiB unless given).
   */
  async read(entry: ZipEntry, limit = readLimit): Promise<Uint8Array> {
    if (entry.size > limit) {
      const message = `The entry has ${entry.size} bytes; at most ${limit} are read at once.`
      throw new InvalidArchive('entry-too-large', message, entry.name)
    }
    return unpackWhole(this.#source, entry, await this.#locate(entry))
  }

  /**
   * The bytes of an entry in chunks, read as they are asked for. The checks are those of
   * {@link Zip.read}; the CRC can fail after the last chunk, so keep nothing before the end.
   */
  async *stream(entry: ZipEntry): AsyncGenerator<Uint8Array, void, undefined> {
    yield* unpackChunks(this.#source, entry, await this.#locate(entry))
  }

  /**
   * As {@link Zip.stream}, for bytes that are only looked at: a chunk is good until the next is asked for, so that an
   * entry of any size takes one piece of memory.
   */
  async *scan(entry: ZipEntry): AsyncGenerator<Uint8Array, void, undefined> {
    const data = await this.#locate(entry)
    const isHeld = Math.max(entry.size, entry.compressedSize) <= smallEntry
    if (isHeld) yield* passWhole(this.#source, entry, data)
    else yield* unpackChunks(this.#source, entry, data, passingChunksOf)
  }

  /** As {@link Zip.scan}, without waiting. Throws a TypeError unless the source is one of bytes that are here. */
  pass(entry: ZipEntry): Generator<Uint8Array, void, undefined> {
    checkReadable(entry)
    if (!isPresent(this.#source))
      throw new TypeError('The source of this zip has to be waited for.')
    const data = locatePresentData(this.#source, entry, Findings.refusing())
    return passEntry(this.#source, entry, data)
  }

  #locate(entry: ZipEntry) {
    checkReadable(entry)
    return locateData(this.#source, entry, Findings.refusing())
  }
}
