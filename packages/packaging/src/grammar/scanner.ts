/** Reads a text from left to right by patterns, and reports where it went wrong. */

/** What went wrong at which character (from 0); the caller turns it into the error of its standard. */
export class SyntaxProblem extends Error {
  readonly problem: string
  readonly position: number

  constructor(problem: string, position: number) {
    super(problem)
    this.problem = problem
    this.position = position
  }
}

/** How deep parentheses may be nested: reading and evaluating them recurses. */
const deepestNesting = 100

export class Scanner {
  readonly text: string
  position = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
  }

  /** The text matched by a sticky pattern at the current position, now behind it; else `undefined`. */
  take(pattern: RegExp): string | undefined {
    const found = this.peek(pattern)
    if (found !== undefined) this.position += found.length
    return found
  }

  /** As `take`, without moving on. */
  peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    // `exec` would make an array for each word.
    return pattern.test(this.text) ? this.text.slice(this.position, pattern.lastIndex) : undefined
  }

  /** As `take`, but something else is a problem. */
  expect(pattern: RegExp, expected: string): string {
    return this.take(pattern) ?? this.fail(`expected ${expected}`)
  }

  skipSpace(): void {
    while (this.text[this.position] === ' ' || this.text[this.position] === '\t') this.position++
  }

  get isAtEnd(): boolean {
    return this.position === this.text.length
  }

  /** Reads what `read` reads, between parentheses if the text has them. */
  enclosed<Result>(brackets: '()' | '[]', read: () => Result): Result {
    const start = this.position
    if (this.text[start] !== brackets[0]) return read()
    if (++this.#depth > deepestNesting)
      this.fail(`more than ${deepestNesting} parentheses are open`)
    this.position++
    this.skipSpace()
    const result = read()
    this.skipSpace()
    if (this.text[this.position] !== brackets[1]) {
      this.fail(`expected "${brackets[1]}" to close "${brackets[0]}" of position ${start}`)
    }
    this.position++
    this.#depth--
    return result
  }

  fail(problem: string, position = this.position): never {
    throw new SyntaxProblem(problem, position)
  }
}
