/** Unpacks a wheel into a new folder, verifying all of it on the way, and writes its manifest. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ByteSource, Zip, ZipEntry } from '@cheeseshop/archive'
import { type RecordEntry, readWheel, type WheelContents, writeRecord } from '@cheeseshop/packaging'
import type { DataFile, WheelManifest } from './cached-wheel.ts'
import { FileDigest } from './file-digest.ts'
import { asInvalidWheel, InvalidWheel } from './invalid-wheel.ts'
import { layOut } from './wheel-layout.ts'

export interface UnpackedWheel {
  readonly manifest: WheelManifest
  /** Sentences on faults that do not prevent its use. */
  readonly warnings: readonly string[]
}

/** Faults of whole wheels that installers cannot live with; the others are the publisher's own business. */
const fatal: ReadonlySet<string> = new Set([
  'dist-info-missing',
  'dist-info-several',
  'dist-info-mismatch',
  'metadata-missing',
  'metadata-name',
  'metadata-version',
  'wheel-file-missing',
  'wheel-file-version',
  'record-missing',
  'record-invalid',
  'entry-points-invalid',
])

/** Larger entries are streamed. */
const heldAtOnce = 8 * 2 ** 20

/** The folder must not exist, and is of no use when this throws: `InvalidWheel`, or an error of the file system. */
export async function unpackWheel(
  source: ByteSource,
  filename: string,
  folder: string,
): Promise<UnpackedWheel> {
  try {
    const contents = await readWheel(source, filename)
    const fault = contents.problems.find(
      ({ severity, code }) => severity === 'error' && fatal.has(code),
    )
    if (fault) throw InvalidWheel.because(filename, fault)
    return await new Unpacking(contents, filename, folder).run()
  } catch (error) {
    throw asInvalidWheel(filename, error)
  }
}

class Unpacking {
  readonly #contents: WheelContents
  readonly #filename: string
  readonly #folder: string
  readonly #listed: ReadonlyMap<string, RecordEntry>
  readonly #folders = new Set<string>()
  readonly #warnings: string[] = []

  constructor(contents: WheelContents, filename: string, folder: string) {
    this.#contents = contents
    this.#filename = filename
    this.#folder = folder
    this.#listed = new Map(contents.record.map((entry) => [entry.path, entry]))
  }

  async run(): Promise<UnpackedWheel> {
    const { filename, distInfo, wheel } = this.#contents
    const layout = layOut(this.#filename, this.#contents)
    this.#warnAboutAbsent()
    mkdirSync(this.#folder)
    const rows: RecordEntry[] = []
    for (const entry of layout.root) rows.push(await this.#unpack(entry, isExecutable(entry)))
    const folders = [...this.#folders]
    const data: DataFile[] = []
    for (const { entry, key, target } of layout.data) {
      const isScript = key === 'scripts'
      const { hash, size, hasPythonShebang } = await this.#unpack(
        entry,
        isScript || isExecutable(entry),
      )
      data.push({
        key,
        target,
        path: entry.name,
        digest: hash.digest,
        size,
        hasPythonShebang: isScript && hasPythonShebang,
      })
    }
    const manifest: WheelManifest = {
      filename: this.#filename,
      name: filename.name,
      version: filename.rawVersion,
      distInfo,
      rootIsPurelib: wheel.rootIsPurelib,
      root: { folders, paths: rows.map(({ path }) => path), record: writeRecord(rows) },
      data,
      consoleScripts: layout.consoleScripts,
      guiScripts: layout.guiScripts,
    }
    return { manifest, warnings: this.#warnings }
  }

  async #unpack(entry: ZipEntry, executable: boolean) {
    const listed = this.#listed.get(entry.name)
    const digest = new FileDigest(listed?.hash?.algorithm)
    this.#makeFolder(entry.name)
    const file = openSync(join(this.#folder, entry.name), 'wx', executable ? 0o755 : 0o644)
    try {
      for await (const chunk of contentOf(this.#contents.archive, entry)) {
        digest.add(chunk)
        for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
      }
    } finally {
      closeSync(file)
    }
    this.#compare(entry, listed, digest)
    return {
      path: entry.name,
      hash: { algorithm: 'sha256', digest: digest.sha256 },
      size: entry.size,
      hasPythonShebang: digest.start.startsWith('#!python'),
    }
  }

  #compare(entry: ZipEntry, listed: RecordEntry | undefined, digest: FileDigest): void {
    const { name, size } = entry
    if (listed === undefined) {
      if (!isSignature(name)) this.#warn(`RECORD does not list ${name}.`)
      return
    }
    if (listed.size !== undefined && listed.size !== size) {
      const message = `RECORD says that ${name} has ${listed.size} bytes, and it has ${size}.`
      throw this.#refusal('record-size-mismatch', message, name)
    }
    if (listed.hash === undefined) {
      if (!isSignature(name)) this.#warn(`RECORD has no digest for ${name}.`)
    } else if (digest.listed === undefined) {
      this.#warn(
        `RECORD has a digest for ${name} by ${listed.hash.algorithm}, which proves nothing.`,
      )
    } else if (digest.listed !== listed.hash.digest) {
      const message = `The ${listed.hash.algorithm} digest of ${name} is not the one in RECORD.`
      throw this.#refusal('record-hash-mismatch', message, name)
    }
  }

  #makeFolder(name: string): void {
    const slash = name.lastIndexOf('/')
    if (slash < 0) return
    const folder = name.slice(0, slash)
    if (this.#folders.has(folder)) return
    this.#makeFolder(folder)
    mkdirSync(join(this.#folder, folder))
    this.#folders.add(folder)
  }

  #warnAboutAbsent(): void {
    for (const path of this.#listed.keys()) {
      if (this.#contents.archive.get(path) === undefined && !path.endsWith('/'))
        this.#warn(`RECORD lists ${path}, which is not there.`)
    }
  }

  #warn(message: string): void {
    // A wheel without a single right row says it once, and not ten thousand times.
    if (this.#warnings.length < 5) this.#warnings.push(message)
  }

  #refusal(code: string, message: string, entry: string): InvalidWheel {
    return InvalidWheel.because(this.#filename, { code, message, entry })
  }
}

async function* contentOf(archive: Zip, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (entry.size > heldAtOnce || entry.compressedSize > heldAtOnce) yield* archive.stream(entry)
  else yield await archive.read(entry)
}

/** Any execute bit of a regular file makes it executable, as pip has it. */
function isExecutable({ mode = 0 }: ZipEntry): boolean {
  return (mode & 0o170000) === 0o100000 && (mode & 0o111) !== 0
}

/** PEP 427: the files that sign RECORD cannot be in it. */
function isSignature(name: string): boolean {
  return /^[^/]+\.dist-info\/RECORD\.(jws|p7s)$/.test(name)
}
