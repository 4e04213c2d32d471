/** Lets work begin as long as all that is under way together stays within a number of bytes. */

export class ByteBudget {
  readonly #total: number
  readonly #waiting: (() => void)[] = []
  #used = 0

  constructor(total: number) {
    this.#total = total
  }

  /** Work that is larger than the whole budget is done alone. */
  async use<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    while (this.#used > 0 && this.#used + bytes > this.#total) {
      await new Promise<void>((go) => this.#waiting.push(go))
    }
    this.#used += bytes
    try {
      return await work()
    } finally {
      this.#used -= bytes
      for (const go of this.#waiting.splice(0)) go()
    }
  }
}
