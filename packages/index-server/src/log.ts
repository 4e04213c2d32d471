/** One line per thing worth knowing, as text or JSON, with secrets taken out before anything is written. */

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type LogFacts = Readonly<Record<string, unknown>>

export interface LogOptions {
  level: LogLevel
  format: 'text' | 'json'
  /** Given whole lines; default: standard error. */
  write?(lines: string): void
  clock?(): Date
}

export class Log {
  readonly #options: LogOptions
  readonly #least: number
  #waiting: string[] = []

  constructor(options: LogOptions) {
    this.#options = options
    this.#least = logLevels.indexOf(options.level)
  }

  isOn(level: LogLevel): boolean {
    return logLevels.indexOf(level) >= this.#least
  }

  debug(message: string, facts?: LogFacts): void {
    this.#add('debug', message, facts)
  }

  info(message: string, facts?: LogFacts): void {
    this.#add('info', message, facts)
  }

  warn(message: string, facts?: LogFacts): void {
    this.#add('warn', message, facts)
  }

  error(message: string, facts?: LogFacts): void {
    this.#add('error', message, facts)
  }

  /** Writes what waits; lines are gathered for some milliseconds, since each write stops everything else. */
  flush(): void {
    if (this.#waiting.length === 0) return
    const lines = this.#waiting.join('')
    this.#waiting = []
    const write = this.#options.write ?? ((text) => process.stderr.write(text))
    write(lines)
  }

  #add(level: LogLevel, message: string, facts: LogFacts = {}): void {
    if (!this.isOn(level)) return
    const time = (this.#options.clock?.() ?? new Date()).toISOString()
    const line =
      this.#options.format === 'json'
        ? JSON.stringify({ time, level, message, ...facts })
        : `${time} ${level.padEnd(5)} ${oneLine(message)}${factsAsText(facts)}`
    if (this.#waiting.length === 0) setTimeout(() => this.flush(), 20).unref()
    this.#waiting.push(`${withoutControls(redact(line))}\n`)
  }
}

/** Tokens and the passwords of URLs, wherever they stand. */
export function redact(text: string): string {
  return text
    .replaceAll(/pypi-[\w-]{10,}/g, 'pypi-***')
    .replaceAll(/:\/\/([^/\s:@]{0,100}):[^/\s@]{1,200}@/g, '://$1:***@')
}

function factsAsText(facts: LogFacts): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${factAsText(value)}`)
    .join('')
}

/** JSON leaves DEL and the C1 controls as they are, and a terminal obeys some of them. */
function withoutControls(line: string): string {
  const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
  return line.replaceAll(/\p{Cc}/gu, escaped)
}

/** Quoted when it holds what would make the line ambiguous. */
function factAsText(value: unknown): string {
  const text = String(value)
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text)
}

/** No value may start a new line and pretend to be another entry. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+\s*/g, ' | ')
}
