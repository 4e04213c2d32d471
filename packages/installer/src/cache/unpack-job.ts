/** One wheel to unpack: the same work on the main thread and on others. */
import { createHash, hash } from 'node:crypto'
import { createReadStream, rmSync } from 'node:fs'
import { bytesSource, type PresentSource } from '@cheeseshop/archive'
import { InvalidWheel } from './invalid-wheel.ts'
import { openWheelFile } from './open-wheel-file.ts'
import { unpackTwin, unpackWheel } from './unpack-wheel.ts'
import type { UnpackedWheel } from './unpacking.ts'

export interface UnpackJob {
  /** Of the wheel, also where its twin is unpacked. */
  readonly filename: string
  readonly isTwin: boolean
  /** A path, or the whole file. */
  readonly source: string | Uint8Array
  /** What it must be, in hexadecimal; undefined when that is known of these very bytes. */
  readonly sha256: string | undefined
  /** Where to: a path that does not exist. */
  readonly folder: string
}

/** Throws `InvalidWheel`, also when the file is another than was promised; the folder is gone then. */
export async function runUnpackJob(job: UnpackJob): Promise<UnpackedWheel> {
  try {
    return await unpackVerified(job)
  } catch (error) {
    rmSync(job.folder, { recursive: true, force: true })
    throw error
  }
}

async function unpackVerified({ filename, isTwin, source, sha256, folder }: UnpackJob) {
  if (sha256 !== undefined) refuseOtherDigest(filename, await sha256Of(source), sha256)
  using opened = openSource(source)
  const unpack = isTwin ? unpackTwin : unpackWheel
  return await unpack(opened, filename, folder)
}

/** Throws `InvalidWheel`. */
export function refuseOtherDigest(filename: string, found: string, expected: string): void {
  if (found.toLowerCase() === expected.toLowerCase()) return
  const message = `Its sha256 is ${found}, and ${expected} was expected.`
  throw InvalidWheel.because(filename, { code: 'sha256', message })
}

/** In hexadecimal, of a file or of bytes. */
export async function sha256Of(source: string | Uint8Array): Promise<string> {
  if (source instanceof Uint8Array) return hash('sha256', source, 'hex')
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(source, { highWaterMark: 2 ** 20 }))
    digest.update(chunk)
  return digest.digest('hex')
}

function openSource(source: string | Uint8Array): PresentSource & Disposable {
  if (typeof source === 'string') return openWheelFile(source)
  return { ...bytesSource(source), [Symbol.dispose]() {} }
}
