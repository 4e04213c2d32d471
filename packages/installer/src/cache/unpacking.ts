/** Writes the files of a wheel where they belong, compares each with RECORD on the way, and describes the result. */
import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs'
import { type RecordEntry, type WheelDescription, writeRecord } from '@cheeseshop/packaging'
import type { DataFile, WheelManifest } from './cached-wheel.ts'
import { FileDigest } from './file-digest.ts'
import { InvalidWheel } from './invalid-wheel.ts'
import type { WheelLayout } from './wheel-layout.ts'

export interface UnpackedWheel {
  readonly manifest: WheelManifest
  /** Sentences on faults that do not prevent its use. */
  readonly warnings: readonly string[]
}

/** A file as it comes out of an archive. */
export interface PackedFile {
  readonly name: string
  readonly size: number
  readonly isExecutable: boolean
  /** Read before the next file is asked for. A chunk is good until the next one is asked for. */
  chunks(): Iterable<Uint8Array>
}

export interface WheelToUnpack extends Pick<WheelDescription, 'distInfo' | 'wheel' | 'record'> {
  readonly parsed: WheelDescription['filename']
  readonly filename: string
  readonly layout: WheelLayout
  /** Whether the archive holds it, to be unpacked or not. */
  has(name: string): boolean
  /** It must not exist. */
  readonly folder: string
}

export class Unpacking {
  readonly #wheel: WheelToUnpack
  readonly #listed: ReadonlyMap<string, RecordEntry>
  readonly #folders = new Set<string>()
  readonly #warnings: string[] = []

  constructor(wheel: WheelToUnpack) {
    this.#wheel = wheel
    this.#listed = new Map(wheel.record.map((entry) => [entry.path, entry]))
  }

  /** Files that have no place are passed by. */
  run(files: Iterable<PackedFile>): UnpackedWheel {
    const { layout, folder } = this.#wheel
    const root = new Set(layout.root)
    const places = new Map(layout.data.map((place) => [place.name, place]))
    const rows: RecordEntry[] = []
    const data: DataFile[] = []
    this.#warnAboutAbsent()
    mkdirSync(folder)
    for (const file of files) {
      const place = places.get(file.name)
      if (root.has(file.name)) {
        const { hash, size } = this.#unpack(file, file.isExecutable)
        rows.push({ path: file.name, hash, size })
      } else if (place !== undefined) data.push(this.#unpackData(file, place))
    }
    return { manifest: this.#describe(rows, data), warnings: this.#warnings }
  }

  #describe(rows: readonly RecordEntry[], data: readonly DataFile[]): WheelManifest {
    const { parsed, filename, distInfo, wheel, layout } = this.#wheel
    const folders = [...this.#folders].filter((folder) => !/^[^/]+\.data(\/|$)/.test(folder))
    return {
      filename,
      name: parsed.name,
      version: parsed.rawVersion,
      distInfo,
      rootIsPurelib: wheel.rootIsPurelib,
      root: { folders, paths: rows.map(({ path }) => path), record: writeRecord(rows) },
      data,
      consoleScripts: layout.consoleScripts,
      guiScripts: layout.guiScripts,
    }
  }

  #unpackData(file: PackedFile, place: WheelLayout['data'][number]): DataFile {
    const { key, target } = place
    const isScript = key === 'scripts'
    const { hash, size, hasPythonShebang } = this.#unpack(file, isScript || file.isExecutable)
    return {
      key,
      target,
      path: file.name,
      digest: hash.digest,
      size,
      hasPythonShebang: isScript && hasPythonShebang,
    }
  }

  #unpack(file: PackedFile, executable: boolean) {
    const listed = this.#listed.get(file.name)
    const digest = new FileDigest(file.size, listed?.hash?.algorithm)
    const open = this.#open(file.name, executable ? 0o755 : 0o644)
    let hasPythonShebang: boolean | undefined
    try {
      for (const chunk of file.chunks()) {
        hasPythonShebang ??= beginsWithShebang(chunk)
        digest.add(chunk)
        for (let at = 0; at < chunk.length; ) at += writeSync(open, chunk, at)
      }
    } finally {
      closeSync(open)
    }
    this.#compare(file, listed, digest)
    return {
      hash: { algorithm: 'sha256', digest: digest.sha256 },
      size: file.size,
      hasPythonShebang: hasPythonShebang === true,
    }
  }

  /** What is in the way has come out of the same archive: two names, or a file and a folder, that are one. */
  #open(name: string, mode: number): number {
    try {
      this.#makeFolder(name)
      return openSync(this.#pathOf(name), newFile, mode)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error
      const message = `${name} and another entry cannot both be there.`
      throw this.#refusal('name-clash', message, name)
    }
  }

  #compare(file: PackedFile, listed: RecordEntry | undefined, digest: FileDigest): void {
    const { name, size } = file
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

  /** Names are plain, and were checked: `join` would do nothing, a hundred thousand times. */
  #pathOf(name: string): string {
    return `${this.#wheel.folder}/${name}`
  }

  #makeFolder(name: string): void {
    const slash = name.lastIndexOf('/')
    if (slash < 0) return
    const folder = name.slice(0, slash)
    if (this.#folders.has(folder)) return
    this.#makeFolder(folder)
    mkdirSync(this.#pathOf(folder))
    this.#folders.add(folder)
  }

  #warnAboutAbsent(): void {
    for (const path of this.#listed.keys()) {
      if (!this.#wheel.has(path) && !path.endsWith('/'))
        this.#warn(`RECORD lists ${path}, which is not there.`)
    }
  }

  #warn(message: string): void {
    // A wheel without a single right row says it once, and not ten thousand times.
    if (this.#warnings.length < 5) this.#warnings.push(message)
  }

  #refusal(code: string, message: string, entry: string): InvalidWheel {
    return InvalidWheel.because(this.#wheel.filename, { code, message, entry })
  }
}

const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY

function beginsWithShebang(chunk: Uint8Array): boolean {
  const start = '#!python'
  if (chunk[0] !== start.charCodeAt(0)) return false
  return Buffer.from(chunk.subarray(0, start.length)).toString('latin1') === start
}

/** PEP 427: the files that sign RECORD cannot be in it. */
function isSignature(name: string): boolean {
  return /^[^/]+\.dist-info\/RECORD\.(jws|p7s)$/.test(name)
}
