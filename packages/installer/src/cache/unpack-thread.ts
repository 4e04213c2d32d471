/** One thread that unpacks wheels, as seen from the main thread: a job goes in, and a result comes out. */
import type { Worker } from 'node:worker_threads'
import { InvalidWheel } from './invalid-wheel.ts'
import type { UnpackJob } from './unpack-job.ts'
import type { UnpackAnswer } from './unpack-worker.ts'
import type { UnpackedWheel } from './unpacking.ts'

export class UnpackThread {
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
    // A thread without work keeps no process alive.
    worker.unref()
  }

  static async start(): Promise<UnpackThread> {
    // Loaded only here: most runs of the tool unpack nothing large.
    const { Worker } = await import('node:worker_threads')
    // Sources are TypeScript, releases are JavaScript.
    // As this file: a source, built, or bundled.
    const ending = import.meta.url.split('.').at(-1)
    return new UnpackThread(new Worker(new URL(`./unpack-worker.${ending}`, import.meta.url)))
  }

  /** One job at a time. Throws `InvalidWheel`, and what the job or the thread failed with. */
  run(job: UnpackJob): Promise<UnpackedWheel> {
    const worker = this.#worker
    return new Promise<UnpackedWheel>((done, failed) => {
      const settle = (answer: UnpackAnswer) => {
        if ('unpacked' in answer) done(answer.unpacked)
        else failed(errorOf(answer))
      }
      worker.removeAllListeners('message').removeAllListeners('error')
      worker.once('message', settle).once('error', failed)
      worker.ref()
      worker.postMessage(job, transferable(job.source))
    }).finally(() => worker.unref())
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

function errorOf(answer: Exclude<UnpackAnswer, { unpacked: unknown }>): unknown {
  if ('failed' in answer) return Object.assign(answer.failed, answer.system)
  const { filename, code, message, entry } = answer.refused
  return new InvalidWheel(filename, code, message, entry)
}

/** Bytes that own their memory move to the thread; a part of something larger is copied. */
function transferable(source: string | Uint8Array): ArrayBuffer[] {
  const isWhole = source instanceof Uint8Array && source.length === source.buffer.byteLength
  return isWhole ? [source.buffer as ArrayBuffer] : []
}
