/** The voice of the tool: data to standard output, everything else to standard error, colour on terminals only. */

import { stripVTControlCharacters, styleText } from 'node:util'
import { withoutOrders } from './plain-text.ts'

export interface Terminal {
  readonly out: Output
  readonly error: Output
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Output {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

export interface PrinterOptions {
  /** `-q` counts down, `-v` up. */
  readonly verbosity: number
  readonly colour: 'auto' | 'never'
  /** A file that gets every line, also those that are not shown. */
  readonly log?: Output | undefined
  /** No live line on terminals either. */
  readonly isCalm?: boolean
}

export type Style = Parameters<typeof styleText>[0]

export class Printer {
  readonly #terminal: Terminal
  readonly #options: PrinterOptions

  constructor(terminal: Terminal, options: PrinterOptions = { verbosity: 0, colour: 'auto' }) {
    this.#terminal = terminal
    this.#options = options
  }

  get isVerbose(): boolean {
    return this.#options.verbosity > 0
  }

  /** What was asked for, whatever `-q` says. */
  data(text: string): void {
    const { out } = this.#terminal
    // To files and programs it goes as it is.
    out.write(`${out.isTTY ? withoutOrders(text) : text}\n`)
    this.#options.log?.write(`${text}\n`)
  }

  /** What happens, for people. */
  info(text: string): void {
    this.#say(`${text}\n`, this.#options.verbosity >= 0)
  }

  detail(text: string): void {
    this.#say(`${this.style('dim', text)}\n`, this.#options.verbosity > 0)
  }

  warning(text: string): void {
    this.#say(`${this.style('yellow', 'warning:')} ${text}\n`, this.#options.verbosity >= -1)
  }

  /** An error, a blank line and what to do next. */
  failure(message: string, hints: readonly string[]): void {
    const lines = hints.map((hint) => `${this.style('cyan', 'hint:')} ${hint}\n`)
    const gap = lines.length > 0 ? '\n' : ''
    this.#say(`${this.style('red', 'error:')} ${message}\n${gap}${lines.join('')}`, true)
  }

  #say(text: string, isShown: boolean): void {
    const plain = withoutOrders(text)
    if (isShown) this.#terminal.error.write(plain)
    this.#options.log?.write(stripVTControlCharacters(plain))
  }

  /** The place of the one live line, where there is a terminal that is not silenced. */
  get live(): Output | undefined {
    const { error, environment } = this.#terminal
    const { verbosity, isCalm } = this.#options
    const isLive = error.isTTY && verbosity === 0 && !isCalm && environment['TERM'] !== 'dumb'
    return isLive ? error : undefined
  }

  /** Styled for standard error. */
  style(style: Style, text: string): string {
    return this.#hasColour(this.#terminal.error)
      ? styleText(style, text, { validateStream: false })
      : text
  }

  #hasColour(output: Output): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#terminal.environment
    if (this.#options.colour === 'never' || NO_COLOR) return false
    if (FORCE_COLOR) return FORCE_COLOR !== '0'
    return output.isTTY === true && TERM !== 'dumb'
  }
}
