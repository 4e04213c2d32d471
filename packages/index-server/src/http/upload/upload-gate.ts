/** Lets so many uploads in at once, with so many bytes on the disk together, and asks the others to come back. */
import { HttpError } from '../http-error.ts'

export interface UploadGateLimits {
  /** Uploads at once. */
  readonly uploads: number
  /** Bytes of files that are received and not yet published. */
  readonly bytes: number
}

/** The place of one upload, given back when it is disposed. */
export interface UploadSlot extends Disposable {
  /** Throws `HttpError` when all uploads together would take too much. */
  grow(bytes: number): void
}

export class UploadGate {
  readonly #limits: UploadGateLimits
  #uploads = 0
  #bytes = 0

  constructor(limits: UploadGateLimits) {
    this.#limits = limits
  }

  /** Throws `HttpError` when there is no place. */
  enter(): UploadSlot {
    if (this.#uploads >= this.#limits.uploads) {
      throw busy(
        `This index takes ${this.#limits.uploads} uploads at once (its setting max-uploads).`,
      )
    }
    this.#uploads += 1
    let taken = 0
    return {
      grow: (bytes) => {
        if (this.#bytes + bytes > this.#limits.bytes) {
          throw busy(
            `The uploads under way take more than ${this.#limits.bytes} bytes (the setting max-staged-size).`,
          )
        }
        taken += bytes
        this.#bytes += bytes
      },
      [Symbol.dispose]: () => {
        this.#uploads -= 1
        this.#bytes -= taken
      },
    }
  }
}

/** Upload clients try again by themselves, and most heed how long they are asked to wait. */
function busy(what: string): HttpError {
  return new HttpError(503, 'busy', `${what} Try again in a few seconds.`, { 'retry-after': '5' })
}
