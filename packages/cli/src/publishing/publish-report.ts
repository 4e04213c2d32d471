/** What a person, or a program, is told of publishing. */
import type { Printer } from '../report/printer.ts'
import { bytes, count, duration } from '../report/units.ts'
import type { CheckedDistribution } from './check-distribution.ts'
import type { PublishEvent } from './publish-distributions.ts'

/** Milliseconds between two looks of the live line. */
const repaint = 80

interface Row {
  readonly filename: string
  readonly sha256: string
  readonly size: number
  readonly outcome: 'published' | 'skipped' | 'checked'
}

export class PublishReport {
  readonly #printer: Printer
  readonly #isJson: boolean
  readonly #rows: Row[] = []
  #paintedAt = 0

  constructor(printer: Printer, isJson: boolean) {
    this.#printer = printer
    this.#isJson = isJson
  }

  warn({ filename, warnings }: CheckedDistribution): void {
    for (const warning of warnings) this.#printer.warning(`${filename}: ${warning}`)
  }

  wouldPublish(files: readonly CheckedDistribution[]): void {
    this.#printer.info('Would publish:')
    for (const file of files) {
      this.#rows.push(rowOf(file, 'checked'))
      this.#printer.info(
        `${this.#printer.style('green', '+')} ${file.filename} (${bytes(file.size)})`,
      )
    }
    this.finish()
  }

  tell(event: PublishEvent): void {
    if (event.type === 'sent') this.#paint(event)
    else this.#settle(event)
  }

  #settle(event: Exclude<PublishEvent, { type: 'sent' }>): void {
    const { file } = event
    this.#clear()
    this.#rows.push(rowOf(file, event.type))
    if (event.type === 'skipped') {
      this.#printer.info(`${this.#printer.style('dim', '=')} ${file.filename} is there already`)
      return
    }
    const took = `${bytes(file.size)} in ${duration(event.milliseconds)}`
    this.#printer.info(`${this.#printer.style('green', '+')} ${file.filename} (${took})`)
    if (event.message !== '' && event.message !== 'OK') this.#printer.info(shorten(event.message))
  }

  /** What was sent before something went wrong stays where it is. */
  interrupted(files: readonly CheckedDistribution[]): void {
    const settled = new Set(this.#rows.map(({ filename }) => filename))
    if (settled.size === 0) return
    const left = files.filter(({ filename }) => !settled.has(filename))
    const names = left.map(({ filename }) => filename).join(', ')
    this.#printer.warning(
      `${settled.size} of ${count(files.length, 'file')} are there; not: ${names}`,
    )
  }

  finish(): void {
    const published = this.#rows.filter(({ outcome }) => outcome === 'published').length
    const skipped = this.#rows.filter(({ outcome }) => outcome === 'skipped').length
    if (published + skipped > 1) {
      const others = skipped > 0 ? `, ${skipped} there already` : ''
      this.#printer.info(`Published ${count(published, 'file')}${others}`)
    }
    if (this.#isJson) this.#printer.data(JSON.stringify(this.#rows))
  }

  #paint({ filename, sent, total }: Extract<PublishEvent, { type: 'sent' }>): void {
    const { live } = this.#printer
    const now = performance.now()
    if (live === undefined || now - this.#paintedAt < repaint) return
    this.#paintedAt = now
    const line = `Uploading ${filename}: ${bytes(sent)} of ${bytes(total)}`
    live.write(`\r\x1b[K${line.slice(0, (live.columns ?? 80) - 1)}`)
  }

  #clear(): void {
    if (this.#paintedAt > 0) this.#printer.live?.write('\r\x1b[K')
  }
}

function rowOf({ filename, sha256, size }: CheckedDistribution, outcome: Row['outcome']): Row {
  return { filename, sha256, size, outcome }
}

/** Some indexes answer with a whole page. */
function shorten(message: string): string {
  const [line = ''] = message.split('\n')
  return line.length <= 300 ? line : `${line.slice(0, 300)}...`
}
