/** The `Description-Content-Type` field: the few media types that descriptions have. */

const types = ['text/plain', 'text/x-rst', 'text/markdown']
const variants = ['GFM', 'CommonMark']

export interface MediaType {
  /** In lower case, such as `text/markdown`. */
  readonly type: string
  /** Names in lower case, values as written and without their quotes. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Splits a media type from its parameters, as `Description-Content-Type` and HTTP's `Content-Type` write it.
 *
 * @example
 * ```ts
 * parseMediaType('text/markdown; charset="UTF-8"').type // 'text/markdown'
 * parseMediaType('text/markdown; charset="UTF-8"').parameters.get('charset') // 'UTF-8'
 * ```
 */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';')
  const parameters = new Map<string, string>()
  for (const part of rest) {
    const equals = part.indexOf('=')
    if (equals < 0) continue
    const name = part.slice(0, equals).trim().toLowerCase()
    const value = part.slice(equals + 1).trim()
    const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"')
    if (!parameters.has(name)) parameters.set(name, isQuoted ? value.slice(1, -1) : value)
  }
  return { type: type.trim().toLowerCase(), parameters }
}

/** What is wrong with the content type of a description, or undefined. */
export function checkContentType(text: string): string | undefined {
  const { type, parameters } = parseMediaType(text)
  if (!types.includes(type))
    return `is not a type descriptions have. Use one of ${types.join(', ')}.`
  if ((parameters.get('charset') ?? 'UTF-8') !== 'UTF-8') {
    return 'names another character set than UTF-8, the only one allowed. Write "charset=UTF-8" or leave it out.'
  }
  if (type === 'text/markdown' && !variants.includes(parameters.get('variant') ?? 'GFM')) {
    return `names an unknown variant of Markdown. Use one of ${variants.join(', ')}.`
  }
  return undefined
}
