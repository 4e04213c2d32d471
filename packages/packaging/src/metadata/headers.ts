/** Splits a metadata file into its headers and its body, as Python's email parser (policy compat32) splits it. */

export interface Header {
  readonly name: string
  /** Lines of a folded value are joined by `\n` and keep their indentation. */
  readonly value: string
}

export interface HeaderBlock {
  readonly headers: readonly Header[]
  /** All that follows the empty line, or the first line that is no header. */
  readonly body: string
  /** Lines among the headers that are none. */
  readonly strays: readonly string[]
}

/**
 * The standard names no RFC: "the practical standard is what the email.parser module can parse using compat32".
 * So a line without a colon ends the headers and starts the body, and a line of white space continues a value.
 */
export function splitHeaders(text: string): HeaderBlock {
  const headers: Header[] = []
  const strays: string[] = []
  let current: { name: string; lines: string[] } | undefined
  let body = ''
  const finish = () => {
    if (current !== undefined) headers.push({ name: current.name, value: current.lines.join('\n') })
    current = undefined
  }
  for (const { line, start, end } of linesOf(text)) {
    if (/^[ \t]/.test(line)) {
      if (current === undefined) strays.push(line)
      else current.lines.push(line)
      continue
    }
    finish()
    const header = /^[\x21-\x39\x3b-\x7e]*:/.exec(line)
    if (header !== null && header[0] !== ':') {
      const name = header[0].slice(0, -1)
      current = { name, lines: [line.slice(header[0].length).replace(/^[ \t]+/, '')] }
    } else if (header !== null || line.startsWith('From ')) {
      strays.push(line)
    } else {
      body = text.slice(line === '' ? end : start)
      if (line !== '') strays.push(line)
      break
    }
  }
  finish()
  return { headers, body, strays }
}

interface Line {
  readonly line: string
  readonly start: number
  /** After the line's end mark. */
  readonly end: number
}

function* linesOf(text: string): Generator<Line> {
  const endMark = /\r\n|\r|\n/g
  let start = 0
  while (start < text.length) {
    endMark.lastIndex = start
    const match = endMark.exec(text)
    const stop = match === null ? text.length : match.index
    const end = match === null ? text.length : endMark.lastIndex
    yield { line: text.slice(start, stop), start, end }
    start = end
  }
}
