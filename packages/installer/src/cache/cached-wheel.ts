/** A wheel in the cache: unpacked, verified, and described by a manifest so that its tree is never walked. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { SchemeKey } from '../environment/scheme.ts'

export interface CachedWheel {
  /** Of the file that was unpacked, in hexadecimal: the wheel, or its twin. The key of the cache. */
  readonly sha256: string
  /** The folder with the unpacked files. Nothing in it is ever changed. */
  readonly tree: string
  readonly manifest: WheelManifest
}

export interface WheelManifest {
  readonly filename: string
  readonly name: NormalizedName
  /** As the filename has it. */
  readonly version: string
  /** The name of the .dist-info folder. */
  readonly distInfo: string
  readonly rootIsPurelib: boolean
  /** What goes to site-packages as it is, with paths relative to the tree. */
  readonly root: FileList
  /** What `.data/` holds for other folders. */
  readonly data: readonly DataFile[]
  readonly consoleScripts: readonly Launcher[]
  readonly guiScripts: readonly Launcher[]
}

/** Many files, in columns. */
export interface FileList {
  /** Every folder, parents before children. */
  readonly folders: readonly string[]
  readonly paths: readonly string[]
  /** The rows of RECORD for `paths`, in their order. */
  readonly record: string
}

export interface DataFile {
  readonly key: SchemeKey
  /** Relative to the folder of the scheme; for headers, to that of the project in it. */
  readonly target: string
  /** Relative to the tree. */
  readonly path: string
  /** sha256 in URL-safe base64, as in RECORD. */
  readonly digest: string
  readonly size: number
  /** The first line is `#!python`, and is to name the interpreter of the environment (PEP 427). */
  readonly hasPythonShebang: boolean
}

/** A script that calls `attribute` of `module`. */
export interface Launcher {
  readonly name: string
  readonly module: string
  readonly attribute: string
}
