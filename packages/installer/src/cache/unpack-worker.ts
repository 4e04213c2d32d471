/** A thread that unpacks wheels: file system calls are synchronous and inflating takes long, so each core gets one. */
import { parentPort } from 'node:worker_threads'
import { InvalidWheel } from './invalid-wheel.ts'
import { runUnpackJob, type UnpackJob } from './unpack-job.ts'
import type { UnpackedWheel } from './unpacking.ts'

export type UnpackAnswer =
  | { readonly unpacked: UnpackedWheel }
  | { readonly refused: Refused }
  /** `system`: what an error of the file system has besides, which gets lost on the way. */
  | { readonly failed: Error; readonly system?: object }

/** Errors lose their class on the way to another thread. */
export interface Refused {
  readonly filename: string
  readonly code: string
  readonly message: string
  readonly entry: string | undefined
}

parentPort?.on('message', async (job: UnpackJob) => {
  parentPort!.postMessage(await answer(job))
})

async function answer(job: UnpackJob): Promise<UnpackAnswer> {
  try {
    return { unpacked: await runUnpackJob(job) }
  } catch (error) {
    if (!(error instanceof InvalidWheel)) return failure(error as NodeJS.ErrnoException)
    const { filename, code, message, entry } = error
    return { refused: { filename, code, message, entry } }
  } finally {
    forget(job.source)
  }
}

/** What came here is this thread's alone. Left to the collector, the next wheel would come before this one is gone. */
function forget(source: string | Uint8Array): void {
  if (typeof source !== 'string') (source.buffer as ArrayBuffer).transfer(0)
}

function failure(error: NodeJS.ErrnoException): UnpackAnswer {
  const { code, syscall, path } = error
  return { failed: error, ...(syscall !== undefined && { system: { code, syscall, path } }) }
}
