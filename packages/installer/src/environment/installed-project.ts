/** One project in an environment, as its .dist-info or .egg-info describes it. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CoreMetadata,
  type DirectUrl,
  isValidName,
  type MetadataNeeds,
  type NormalizedName,
  normalizeName,
  parseDirectUrl,
  parseRecord,
  type RecordEntry,
  readMetadata,
  readNeeds,
  type Version,
} from '@cheeseshop/packaging'
import { readHeaders } from './read-headers.ts'

/** How a project came to be there: by a wheel, by setuptools of old, as a link to its sources, or by easy_install. */
export type InstalledKind = 'dist-info' | 'egg-info' | 'egg-link' | 'egg'

export interface Identity {
  readonly name: NormalizedName
  readonly version: Version
  /** What stands in place of a version and is none; `version` is lower than all others then. */
  readonly invalidVersion?: string
  readonly kind: InstalledKind
  /** The folder of site-packages it is in. */
  readonly location: string
  /** The .dist-info, .egg-info or .egg, a folder or a file, or the .egg-link. */
  readonly path: string
  /** Where the metadata is: `path`, save for an .egg-link, which leads to it, and an .egg, which holds it. */
  readonly metadataPath: string
}

/** Something that looks like an installed project and cannot be read. */
export interface BrokenProject {
  readonly path: string
  /** A sentence with the fault, and what to do. */
  readonly problem: string
}

/** All but the name and the version is read when it is asked for, and kept. Reading never throws. */
export class InstalledProject implements Identity {
  readonly name: NormalizedName
  readonly version: Version
  /** As people are to read it. */
  readonly writtenVersion: string
  readonly kind: InstalledKind
  readonly location: string
  readonly path: string
  readonly metadataPath: string
  #metadata: CoreMetadata | undefined
  #needs: MetadataNeeds | undefined
  #directUrl: DirectUrl | null | undefined
  #record: readonly RecordEntry[] | null | undefined

  constructor(identity: Identity) {
    this.name = identity.name
    this.version = identity.version
    this.writtenVersion = identity.invalidVersion ?? identity.version.toString()
    this.kind = identity.kind
    this.location = identity.location
    this.path = identity.path
    this.metadataPath = identity.metadataPath
  }

  /** An empty one when the file is missing. */
  get metadata(): CoreMetadata {
    this.#metadata ??= readMetadata(this.#bytesOfMetadata(readFileSync)).metadata
    return this.#metadata
  }

  /** Of the metadata no more than what it is and requires, which takes a small part of the time. */
  get needs(): MetadataNeeds {
    this.#needs ??= this.#metadata ?? readNeeds(this.#bytesOfMetadata(readHeaders))
    return this.#needs
  }

  /**
   * Another one whenever the file of the metadata may have become another, and when that was, in milliseconds; undefined
   * where no such file is, or where the system says nothing of it.
   */
  get metadataState(): { readonly mark: string; readonly changed: number } | undefined {
    if (this.kind !== 'dist-info') return undefined
    const path = this.#pathOf('METADATA')
    const stat = attempt(() => statSync(path, { throwIfNoEntry: false }))
    if (stat === undefined) return undefined
    const { ino, size, mtimeMs, ctimeMs } = stat
    return { mark: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, changed: ctimeMs }
  }

  /** As its author writes it; normalised where the metadata does not say it, once, or says something else. */
  get writtenName(): string {
    // A list of all projects asks for nothing else, so the rest is not read for it.
    const names = this.#metadata ?? this.#needs ?? findName(this.#bytesOfMetadata(readHeaders))
    const name = names.name ?? ''
    return isValidName(name) && normalizeName(name) === this.name ? name : this.name
  }

  /** The content of INSTALLER: the tool that put the project there. */
  get installer(): string | undefined {
    return this.readFile('INSTALLER')?.trim() || undefined
  }

  /** Whether someone asked for this project, and not only another project. */
  get isRequested(): boolean {
    return this.hasFile('REQUESTED')
  }

  /** Undefined when the project came from an index, or when the file is broken. */
  get directUrl(): DirectUrl | undefined {
    if (this.#directUrl === undefined) {
      const text = this.readFile('direct_url.json')
      this.#directUrl = text === undefined ? null : (attempt(() => readDirectUrl(text)) ?? null)
    }
    return this.#directUrl ?? undefined
  }

  get isEditable(): boolean {
    return this.kind === 'egg-link' || this.directUrl?.dirInfo?.editable === true
  }

  /** Undefined when there is no RECORD, or none that can be read. */
  get record(): readonly RecordEntry[] | undefined {
    this.#record ??= attempt(() => parseRecord(this.readFile('RECORD')!)) ?? null
    return this.#record ?? undefined
  }

  /** A text file of the .dist-info or .egg-info folder. */
  readFile(name: string): string | undefined {
    const path = this.#pathOf(name)
    // Most are not there, and an error costs as much as ten such looks.
    return existsSync(path) ? attempt(() => readFileSync(path, 'utf8')) : undefined
  }

  hasFile(name: string): boolean {
    return statSync(this.#pathOf(name), { throwIfNoEntry: false })?.isFile() === true
  }

  /** The folder is in normal form, and to find that out again takes as long as to read the file. */
  #pathOf(name: string): string {
    return this.metadataPath + sep + name
  }

  #bytesOfMetadata(read: (path: string) => Buffer): Buffer {
    const name = this.kind === 'dist-info' ? 'METADATA' : 'PKG-INFO'
    const inFolder = attempt(() => read(this.#pathOf(name)))
    if (inFolder !== undefined || this.kind === 'dist-info') return inFolder ?? Buffer.alloc(0)
    // An .egg-info may be the file itself: distutils wrote no folder.
    return attempt(() => read(this.metadataPath)) ?? Buffer.alloc(0)
  }
}

/** As `parseDirectUrl`, and what is a folder lies on this machine, at a path of one line. */
function readDirectUrl(text: string): DirectUrl {
  const directUrl = parseDirectUrl(text)
  if (directUrl.dirInfo && /\p{Cc}/u.test(fileURLToPath(directUrl.url))) throw new Error('no path')
  return directUrl
}

/** The name in the headers of a file of metadata, if it stands there once. */
function findName(headers: Buffer): { name: string | undefined } {
  const found = headers.toString('latin1').match(/^name:.*$/gim) ?? []
  return { name: found.length === 1 ? found[0]!.slice('name:'.length).trim() : undefined }
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
