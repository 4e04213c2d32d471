/** Works out what installing a wheel puts where, byte for byte; nothing is written yet. */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type RecordEntry, writeDirectUrl, writeRecord } from '@cheeseshop/packaging'
import type { DataFile } from './cache/cached-wheel.ts'
import type { CompiledWheel } from './cache/compile-wheels.ts'
import type { WheelToInstall } from './changes.ts'
import type { Environment } from './environment/environment.ts'
import { launcherText, rewriteShebang, withVersionedPip } from './install-wheel/launcher.ts'

export interface WheelPlacement {
  readonly item: WheelToInstall
  /** Folders of files that keep their places relative to one another, linked from the cache. */
  readonly trees: readonly PlacedTree[]
  /** Files linked from the cache one by one. */
  readonly linked: readonly { readonly from: string; readonly to: string }[]
  /** Files that are made for this environment. */
  readonly written: readonly WrittenFile[]
}

export interface PlacedTree {
  readonly from: string
  readonly to: string
  /** Relative, parents before children. */
  readonly folders: readonly string[]
  readonly paths: readonly string[]
}

export interface WrittenFile {
  readonly to: string
  readonly bytes: Uint8Array
  readonly isExecutable: boolean
}

/** What this tool writes into INSTALLER. */
const installerName = 'cheese'

/** With `compiled`, its .pyc files come along. */
export function placeWheel(
  item: WheelToInstall,
  environment: Environment,
  compiled?: CompiledWheel,
): WheelPlacement {
  return new Placing(item, environment).run(compiled)
}

class Placing {
  readonly #item: WheelToInstall
  readonly #environment: Environment
  readonly #site: string
  readonly #linked: { from: string; to: string }[] = []
  readonly #written: WrittenFile[] = []
  readonly #rows: RecordEntry[] = []

  constructor(item: WheelToInstall, environment: Environment) {
    this.#item = item
    this.#environment = environment
    const { purelib, platlib } = environment.scheme
    this.#site = item.wheel.manifest.rootIsPurelib ? purelib : platlib
  }

  run(compiled: CompiledWheel | undefined): WheelPlacement {
    const { wheel } = this.#item
    const { root } = wheel.manifest
    for (const file of wheel.manifest.data) this.#placeData(file)
    this.#placeLaunchers()
    this.#placeMetadata()
    const trees = [{ from: wheel.tree, to: this.#site, folders: root.folders, paths: root.paths }]
    if (compiled) {
      trees.push({ ...compiled, to: this.#site })
      this.#rows.push(...compiled.paths.map((path) => ({ path })))
    }
    this.#placeRecord(root.record)
    return { item: this.#item, trees, linked: this.#linked, written: this.#written }
  }

  #placeData({ key, target, path, digest, size, hasPythonShebang }: DataFile): void {
    const { scheme, interpreter } = this.#environment
    const { tree, manifest } = this.#item.wheel
    const folder = key === 'headers' ? join(scheme.headers, manifest.name) : scheme[key]
    const to = join(folder, target)
    if (hasPythonShebang) {
      const script = readFileSync(join(tree, path))
      this.#write(to, rewriteShebang(script, interpreter.executable), true)
      return
    }
    this.#linked.push({ from: join(tree, path), to })
    this.#rows.push({ path: this.#inRecord(to), hash: { algorithm: 'sha256', digest }, size })
  }

  #placeLaunchers(): void {
    const { scheme, interpreter } = this.#environment
    const { name, consoleScripts, guiScripts } = this.#item.wheel.manifest
    const launchers = withVersionedPip(name, consoleScripts, interpreter.shortVersion)
    const byName = new Map([...launchers, ...guiScripts].map((each) => [each.name, each]))
    for (const launcher of byName.values()) {
      const text = launcherText(launcher, interpreter.executable)
      this.#write(join(scheme.scripts, launcher.name), Buffer.from(text), true)
    }
  }

  #placeMetadata(): void {
    const { isRequested, directUrl, wheel } = this.#item
    const file = (name: string, text: string) =>
      this.#write(join(this.#site, wheel.manifest.distInfo, name), Buffer.from(text), false)
    file('INSTALLER', `${installerName}\n`)
    if (isRequested) file('REQUESTED', '')
    if (directUrl) file('direct_url.json', writeDirectUrl(directUrl))
  }

  /** Rows of what is linked as it is are those of the cache. */
  #placeRecord(rootRows: string): void {
    const path = `${this.#item.wheel.manifest.distInfo}/RECORD`
    const text = rootRows + writeRecord([...this.#rows, { path }])
    const to = join(this.#site, path)
    this.#written.push({ to, bytes: Buffer.from(text), isExecutable: false })
  }

  #write(to: string, bytes: Uint8Array, isExecutable: boolean): void {
    this.#written.push({ to, bytes, isExecutable })
    const digest = hash('sha256', bytes, 'base64url')
    const size = bytes.length
    this.#rows.push({ path: this.#inRecord(to), hash: { algorithm: 'sha256', digest }, size })
  }

  #inRecord(path: string): string {
    const fromSite = relative(this.#site, path)
    return sep === '/' ? fromSite : fromSite.replaceAll(sep, '/')
  }
}
