/** Trees of wheels that several threads link: whoever is free takes the next one. */
import { mkdirSync } from 'node:fs'
import type { PlacedTree } from '../install-wheel.ts'
import type { Linker } from './link-files.ts'

/** What one wheel puts into folders that are new and its own, so that it is nobody else's matter. */
export type OwnTrees = readonly PlacedTree[]

/** Those of one wheel, step by step. */
export function* treeSteps(trees: OwnTrees, linker: Linker): Generator<void> {
  for (const { from, to, folders, paths } of trees) {
    for (const folder of folders) yield mkdirSync(`${to}/${folder}`)
    for (const path of paths) yield linker.link(`${from}/${path}`, `${to}/${path}`)
  }
}

export class LinkQueue {
  readonly #length: number
  /** How many were taken, by all. */
  readonly taken: Int32Array<SharedArrayBuffer>

  constructor(length: number, taken = new Int32Array(new SharedArrayBuffer(4))) {
    this.#length = length
    this.taken = taken
  }

  /** Returns how many were linked here. Nobody takes another one after an error. */
  link(trees: (at: number) => OwnTrees, linker: Linker): number {
    let linked = 0
    try {
      for (let at = this.#take(); at < this.#length; at = this.#take()) {
        for (const _ of treeSteps(trees(at), linker));
        linked += 1
      }
    } catch (error) {
      this.close()
      throw error
    }
    return linked
  }

  /** Nothing more is taken. */
  close(): void {
    Atomics.store(this.taken, 0, this.#length)
  }

  #take(): number {
    return Atomics.add(this.taken, 0, 1)
  }
}
