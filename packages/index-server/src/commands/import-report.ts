/** What an import tells: how far it is, what was refused and why, and the sum. */
import { DomainError } from '../domain/errors.ts'
import type { ImportStep, ImportTools } from '../domain/transfer/import-files.ts'
import { formatBytes } from '../format.ts'
import type { ProgressLine } from './progress-line.ts'

export interface ImportOutput {
  print(line: string): void
  readonly progress: ProgressLine
}

export interface ImportSwitches {
  readonly 'dry-run': boolean
  readonly quiet: boolean
}

export class ImportReport {
  /** For the import. */
  readonly tools: ImportTools
  readonly #output: ImportOutput
  readonly #switches: ImportSwitches
  readonly #counts = { published: 0, unchanged: 0, refused: 0, wanted: 0 }
  readonly #startedAt = performance.now()
  /** Of files that are done with, whether they came or were there. */
  #bytesDone = 0
  #bytesWanted = 0
  /** Of the file under way. */
  #bytesOfThis = 0
  #bytesCame = 0
  #last: ImportStep | undefined

  constructor(output: ImportOutput, switches: ImportSwitches) {
    this.#output = output
    this.#switches = switches
    const onBytes = (count: number) => {
      this.#bytesCame += count
      this.#bytesOfThis += count
      this.#show()
    }
    const onRemark = (sentence: string) => {
      if (!switches.quiet) output.print(printable(sentence))
    }
    const onLook = (done: number, of: number) => {
      if (!switches.quiet) output.progress.show(() => `looking: ${done}/${of} projects`)
    }
    this.tools = { isDryRun: switches['dry-run'], onBytes, onLook, onRemark }
  }

  async take(steps: AsyncIterable<ImportStep>): Promise<void> {
    for await (const step of steps) this.#add(step)
  }

  /** DomainError `invalid` when files were refused, so that a script hears of it. */
  sumUp(): void {
    const { published, unchanged, refused, wanted } = this.#counts
    const size = formatBytes(this.#bytesWanted)
    const done = this.tools.isDryRun
      ? `${wanted} files (${size}) would be published`
      : `${published} published`
    const sum = `${done}, ${unchanged} were there already, ${refused} refused`
    this.#output.progress.clear()
    if (!this.#switches.quiet) this.#output.print(sum)
    if (refused === 0) return
    throw new DomainError(
      'invalid',
      `${refused} of ${published + unchanged + refused + wanted} files were refused; the reasons are above. Mend what can be mended and call it again: what is here is not imported twice.`,
    )
  }

  #add(step: ImportStep): void {
    const { filename, outcome, problems, size } = step
    this.#last = step
    this.#counts[outcome]++
    this.#bytesDone += size
    if (outcome === 'wanted') this.#bytesWanted += size
    this.#bytesOfThis = 0
    this.#show()
    if (outcome !== 'refused') return
    this.#output.print(`refused ${printable(filename)}`)
    for (const problem of problems) this.#output.print(`    ${printable(problem)}`)
  }

  #show(): void {
    if (this.#switches.quiet) return
    this.#output.progress.show(() => this.#line())
  }

  #line(): string {
    const counts = this.#counts
    const files = counts.published + counts.unchanged + counts.refused + counts.wanted
    const bytes = this.#bytesDone + this.#bytesOfThis
    const of = this.#last?.of
    const rate = (this.#bytesCame / Math.max(1, performance.now() - this.#startedAt)) * 1000
    return [
      of ? `${files}/${of.files} files` : `${files} files`,
      of ? `${formatBytes(bytes)} of ${formatBytes(of.bytes)}` : formatBytes(bytes),
      ...(rate > 0 ? [`${formatBytes(rate)}/s`] : []),
      ...(of && rate > 0 ? [`${formatSeconds((of.bytes - bytes) / rate)} left`] : []),
      ...(counts.refused > 0 ? [`${counts.refused} refused`] : []),
      printable(this.#last?.filename ?? ''),
    ].join('  ')
  }
}

/** Names come from strangers: what a terminal would obey is not written to it. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 90) return `${whole} s`
  return whole < 5400 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}
