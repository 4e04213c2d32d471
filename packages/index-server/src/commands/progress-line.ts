/** How far a long command is: one line that is written again on a terminal, and a line now and then elsewhere. */

/** A terminal, whose last line can be written again. */
export interface Screen {
  write(text: string): void
  columns(): number
}

export interface ProgressOptions {
  readonly screen?: Screen | undefined
  /** Writes a line that stays, where there is no screen. */
  line(text: string): void
  /** Milliseconds. */
  now(): number
}

const screenPause = 100
const linePause = 30_000

export class ProgressLine {
  readonly #options: ProgressOptions
  #next: number
  #isShown = false

  constructor(options: ProgressOptions) {
    this.#options = options
    // Whoever is done soon need not be told in a log.
    this.#next = options.screen ? 0 : options.now() + linePause
  }

  /** May be called as often as there is something new; mostly it does nothing. */
  show(text: () => string): void {
    const { screen, line, now } = this.#options
    if (now() < this.#next) return
    this.#next = now() + (screen ? screenPause : linePause)
    this.#isShown = screen !== undefined
    if (screen === undefined) line(text())
    else screen.write(`\r${text().slice(0, Math.max(10, screen.columns() - 1))}\x1b[K`)
  }

  /** Before anything else is written. */
  clear(): void {
    if (this.#isShown) this.#options.screen?.write('\r\x1b[K')
    this.#isShown = false
    if (this.#options.screen) this.#next = 0
  }
}
