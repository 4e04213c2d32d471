/** A thread that helps to link, as seen from the main thread. */
import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { OnEvent } from '../events.ts'
import type { Linker } from './link-files.ts'
import { LinkQueue, type OwnTrees } from './link-queue.ts'
import type { LinkAnswer, LinkWork } from './link-worker.ts'
import { packTrees } from './packed-trees.ts'

/** Fewer files are linked sooner than a thread is ready to help. */
const worthAThread = 3000

/** Undefined where there is nothing for it to do, or no core to do it. */
export async function startLinkThread(files: number): Promise<LinkThread | undefined> {
  if (files < worthAThread || availableParallelism() < 2) return undefined
  return LinkThread.start()
}

export interface LinkHere {
  readonly linker: Linker
  readonly onEvent: OnEvent
  /** Done here before anything is taken from the thread. */
  readonly meanwhile: Iterable<void>
}

export class LinkThread implements Disposable {
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
    // Who waits for an answer hears of it.
    worker.on('error', () => {})
  }

  /** Does not wait until it is ready. */
  static async start(): Promise<LinkThread> {
    // Loaded only here: most runs of the tool link little.
    const { Worker } = await import('node:worker_threads')
    // As this file: a source, built, or bundled.
    const ending = import.meta.url.split('.').at(-1)
    return new LinkThread(new Worker(new URL(`./link-worker.${ending}`, import.meta.url)))
  }

  /** When this is left, by an error too, the thread has stopped: nothing comes after what undoes it. */
  async link(all: readonly OwnTrees[], { linker, onEvent, meanwhile }: LinkHere): Promise<void> {
    const queue = new LinkQueue(all.length)
    const answer = this.#ask({ wheels: all.map(packTrees), taken: queue.taken, mode: linker.mode })
    try {
      for (const _ of meanwhile);
      const linked = queue.link((at) => all[at]!, linker)
      // It was not ready in time.
      if (linked === all.length) return
    } catch (error) {
      queue.close()
      await answer.catch(() => {})
      throw error
    }
    const { events, mode, failed } = await answer
    // The same has been told of here.
    if (mode !== linker.mode) for (const event of events) onEvent(event)
    if (failed) throw Object.assign(failed.error as Error, failed.system)
  }

  [Symbol.dispose](): void {
    void this.#worker.terminate()
  }

  #ask(work: LinkWork): Promise<LinkAnswer> {
    const answer = new Promise<LinkAnswer>((done, failed) => {
      this.#worker.once('message', done).once('error', failed)
      this.#worker.once('exit', () => failed(new Error('The thread that links has ended.')))
    })
    // Not everybody who asks waits.
    answer.catch(() => {})
    this.#worker.postMessage(work)
    return answer
  }
}
