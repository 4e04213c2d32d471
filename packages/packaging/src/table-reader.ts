/** Reads values of known types out of a table of JSON or TOML, naming the place of what is wrong. */

/** Makes the error of a format: `path` is like `packages[3].wheels[0].hashes`. */
export type Fail = (path: string, what: string) => Error

export type Table = Readonly<Record<string, unknown>>

export class TableReader {
  readonly #table: Table
  readonly #path: string
  readonly #fail: Fail

  private constructor(table: Table, path: string, fail: Fail) {
    this.#table = table
    this.#path = path
    this.#fail = fail
  }

  /** Throws when the value is no table. */
  static of(value: unknown, path: string, fail: Fail): TableReader {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isTable || value instanceof Date) throw fail(path, 'must be a table')
    return new TableReader(value as Table, path, fail)
  }

  /** The table as it is. */
  get raw(): Table {
    return this.#table
  }

  /** The error for a key, or for the table itself when the key is empty. */
  fail(key: string, what: string): Error {
    return this.#fail(this.#at(key), what)
  }

  string(key: string): string | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'string') return value
    throw this.fail(key, 'must be a string')
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.fail(key, 'must be true or false')
  }

  count(key: string): number | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw this.fail(key, 'must be a whole number from 0')
  }

  strings(key: string): readonly string[] | undefined {
    return this.#list(key)?.map((item, index) => {
      if (typeof item === 'string') return item
      throw this.fail(`${key}[${index}]`, 'must be a string')
    })
  }

  table(key: string): TableReader | undefined {
    const value = this.value(key)
    return value === undefined ? undefined : TableReader.of(value, this.#at(key), this.#fail)
  }

  tables(key: string): readonly TableReader[] | undefined {
    return this.#list(key)?.map((item, index) =>
      TableReader.of(item, this.#at(`${key}[${index}]`), this.#fail),
    )
  }

  /** A string turned into something else by a function that throws. */
  parsed<T>(key: string, parse: (text: string) => T): T | undefined {
    const text = this.string(key)
    return text === undefined ? undefined : this.#parse(key, text, parse)
  }

  /** A list of strings, each turned into something else. */
  parsedList<T>(key: string, parse: (text: string) => T): readonly T[] | undefined {
    return this.strings(key)?.map((text, index) => this.#parse(`${key}[${index}]`, text, parse))
  }

  /** Throws when the value, read by another method, was not there. */
  required<T>(key: string, value: T | undefined): T {
    if (value === undefined) throw this.fail(key, 'is missing')
    return value
  }

  /** Any value; null is as good as absent. */
  value(key: string): unknown {
    return Object.hasOwn(this.#table, key) ? (this.#table[key] ?? undefined) : undefined
  }

  #list(key: string): readonly unknown[] | undefined {
    const value = this.value(key)
    if (value === undefined || Array.isArray(value)) return value
    throw this.fail(key, 'must be a list')
  }

  #parse<T>(key: string, text: string, parse: (text: string) => T): T {
    try {
      return parse(text)
    } catch (error) {
      throw this.fail(
        key,
        `is not valid: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

  #at(key: string): string {
    return this.#path === '' || key === '' ? this.#path + key : `${this.#path}.${key}`
  }
}

/** One key of an object literal, left out when its value is undefined. */
export function present<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T })
}
