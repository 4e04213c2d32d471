/** Lets one caller at a time through, in the order they came. */
export class Mutex {
  #last: Promise<void> = Promise.resolve()

  /** Waits for its turn; call the returned function to let the next one through. */
  async acquire(): Promise<() => void> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }
}
