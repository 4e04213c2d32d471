/** Which file comes from where when several wheels are installed at once. */
import { readFileSync } from 'node:fs'
import type { WheelPlacement } from '../install-wheel.ts'
import type { FileConflict } from './conflicting-files.ts'

/** From the cache, or made for this environment. */
export type NewFile = { readonly project: string } & (
  | { readonly from: string }
  | { readonly bytes: Uint8Array; readonly isExecutable: boolean }
)

export class Claims {
  /** By path; where several wheels have one, the last of them. */
  readonly files = new Map<string, NewFile>()
  /** Equal files are none: old namespace packages share theirs. */
  readonly conflicts: FileConflict[] = []

  /** Of the trees only `paths`, which are those of each. */
  add({ item, trees, linked, written }: WheelPlacement, paths: readonly string[][]): void {
    const project = item.wheel.manifest.name
    for (const [at, { from, to }] of trees.entries()) {
      for (const path of paths[at]!)
        this.#claim(`${to}/${path}`, { project, from: `${from}/${path}` })
    }
    for (const { from, to } of linked) this.#claim(to, { project, from })
    for (const { to, bytes, isExecutable } of written)
      this.#claim(to, { project, bytes, isExecutable })
  }

  #claim(path: string, file: NewFile): void {
    const other = this.files.get(path)
    if (other !== undefined && !contentOf(other).equals(contentOf(file))) {
      this.conflicts.push({ path, between: [other.project, file.project] })
    }
    this.files.set(path, file)
  }
}

export function contentOf(file: NewFile): Buffer {
  return 'from' in file ? readFileSync(file.from) : Buffer.from(file.bytes)
}
