/** Shows what is going on: one line that is rewritten on a terminal, and a plain line for every finished step. */

import { clock } from './clock.ts'
import { withoutOrders } from './plain-text.ts'
import type { Printer } from './printer.ts'
import { bytes, count, duration } from './units.ts'

/** Often enough to look alive, seldom enough to stay calm. */
const repaintMs = 80

export class Progress {
  readonly #printer: Printer
  #paintedAt = 0
  #isPainted = false
  readonly #received = new Map<string, { received: number; total: number | undefined }>()
  #downloadsBegan = 0
  #metadata = 0
  /** The project that was read last, while there is no resolution yet. */
  #resolving: string | undefined

  constructor(printer: Printer) {
    this.#printer = printer
  }

  /** One more version's metadata is known. */
  metadataRead(name: string): void {
    this.#metadata += 1
    this.#resolving = name
    this.#paint(() => this.#line())
  }

  downloading(filename: string, received: number, total: number | undefined): void {
    this.#downloadsBegan ||= clock()
    this.#received.set(filename, { received, total })
    this.#paint(() => this.#line())
  }

  building(project: string): void {
    this.#paint(() => `Building ${project}`, true)
  }

  /** `Installed 3 projects in 12 ms`. */
  finished(what: string, amount: number, since: number): void {
    this.clear()
    this.#resolving = undefined
    const [verb, noun] = what.split(' ') as [string, string]
    const took = duration(clock() - since)
    this.#printer.info(this.#printer.style('dim', `${verb} ${count(amount, noun)} in ${took}`))
  }

  clear(): void {
    if (this.#isPainted) this.#printer.live?.write('\r\x1b[K')
    this.#isPainted = false
  }

  /** Files come while versions are still chosen; the line tells of one thing at a time all the same. */
  #line(): string {
    let received = 0
    let total = 0
    for (const each of this.#received.values()) {
      received += each.received
      total += each.total ?? each.received
    }
    if (this.#resolving !== undefined) {
      const fetched = received > 0 ? `, ${bytes(received)} fetched` : ''
      return `Resolving ${this.#resolving} (${this.#metadata} read${fetched})`
    }
    const seconds = (clock() - this.#downloadsBegan) / 1000
    const rate = seconds > 0.2 ? `, ${bytes(Math.round(received / seconds))}/s` : ''
    const files = count(this.#received.size, 'file')
    return `Downloading ${files}: ${bytes(received)} of ${bytes(total)}${rate}`
  }

  #paint(line: () => string, isUrgent = false): void {
    const { live } = this.#printer
    const now = clock()
    if (!live || (!isUrgent && now - this.#paintedAt < repaintMs)) return
    this.#paintedAt = now
    this.#isPainted = true
    live.write(`\r\x1b[K${withoutOrders(line()).slice(0, (live.columns ?? 80) - 1)}`)
  }
}
