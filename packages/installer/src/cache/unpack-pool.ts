/** Unpacks wheels on two threads, started when the first large one comes; small ones are done where they are. */
import { availableParallelism } from 'node:os'
import { runUnpackJob, type UnpackJob } from './unpack-job.ts'
import { UnpackThread } from './unpack-thread.ts'
import type { UnpackedWheel } from './unpacking.ts'

/** Below this, packed, a wheel is unpacked sooner here than a thread could begin with it. */
const worthAThread = 256 * 1024

/** Below this sooner than a thread can start, which also takes 20 MB of memory. */
const worthStarting = 1024 * 1024

/** More threads only wait for one another in the file system. */
const mostThreads = Math.min(2, availableParallelism())

interface Queued {
  readonly job: UnpackJob
  readonly size: number
  readonly done: (unpacked: UnpackedWheel) => void
  readonly failed: (error: unknown) => void
}

export class UnpackPool implements AsyncDisposable {
  readonly #queue: Queued[] = []
  readonly #idle: UnpackThread[] = []
  #started = 0

  /** Throws `InvalidWheel`. Bytes that own their memory are handed over: they may be empty afterwards. */
  async run(job: UnpackJob, size: number): Promise<UnpackedWheel> {
    if (size < (this.#started > 0 ? worthAThread : worthStarting)) return runUnpackJob(job)
    return new Promise((done, failed) => {
      this.#queue.push({ job, size, done, failed })
      const thread = this.#idle.pop()
      if (thread) void this.#work(thread)
      else if (this.#started < mostThreads) void this.#start()
    })
  }

  /** Call it when no job is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.end()))
  }

  async #start(): Promise<void> {
    this.#started += 1
    try {
      await this.#work(await UnpackThread.start())
    } catch (error) {
      // Those that come later may have more luck, and must not wait for it.
      this.#started -= 1
      for (const { failed } of this.#queue.splice(0)) failed(error)
    }
  }

  async #work(thread: UnpackThread): Promise<void> {
    for (let next = this.#takeLargest(); next; next = this.#takeLargest()) {
      await thread.run(next.job).then(next.done, next.failed)
    }
    this.#idle.push(thread)
  }

  /** The largest first: the last ones should not keep everyone waiting. */
  #takeLargest(): Queued | undefined {
    const sizes = this.#queue.map(({ size }) => size)
    const at = sizes.indexOf(Math.max(...sizes))
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0]
  }
}
