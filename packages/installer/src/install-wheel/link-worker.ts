/** A thread that links: the calls are synchronous and most of an installation, so that a second core takes its share. */
import { parentPort } from 'node:worker_threads'
import type { LinkMode, TransactionEvent } from '../events.ts'
import { Linker } from './link-files.ts'
import { LinkQueue } from './link-queue.ts'
import { type PackedTrees, unpackTrees } from './packed-trees.ts'

export interface LinkWork {
  readonly wheels: readonly PackedTrees[]
  readonly taken: Int32Array<SharedArrayBuffer>
  readonly mode: LinkMode
}

export interface LinkAnswer {
  readonly events: readonly TransactionEvent[]
  /** What is left of the ways to link, when all is done. */
  readonly mode: LinkMode
  /** `system`: what an error of the file system has besides, which gets lost on the way. */
  readonly failed?: { readonly error: unknown; readonly system: object }
}

parentPort?.once('message', (work: LinkWork) => parentPort!.postMessage(linkShare(work)))

function linkShare({ wheels, taken, mode }: LinkWork): LinkAnswer {
  const events: TransactionEvent[] = []
  const linker = new Linker(mode, (event) => events.push(event as TransactionEvent))
  try {
    new LinkQueue(wheels.length, taken).link((at) => unpackTrees(wheels[at]!), linker)
    return { events, mode: linker.mode }
  } catch (error) {
    const { code, syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
    return { events, mode: linker.mode, failed: { error, system: { code, syscall, path, dest } } }
  }
}
