/** Changes one value in the text of an INI file, and leaves everything else as its author wrote it. */

/** Replaces the value, or adds it at the end of its section, which is added where there is none. */
export function setIniValue(text: string, [section, key]: IniPath, value: string): string {
  const lines = linesOf(text)
  const entry = `${key} = ${value.replaceAll('\n', '\n  ')}`
  const place = findSection(lines, section)
  if (place === undefined) {
    const gap = lines.length > 0 && lines.at(-1) !== '' ? [''] : []
    return join([...lines, ...gap, `[${section}]`, entry])
  }
  const known = findEntry(lines, place, key)
  if (known) lines.splice(known.start, known.end - known.start, entry)
  else lines.splice(endOfContent(lines, place), 0, entry)
  return join(lines)
}

/** Undefined where there is no such value. A section of which nothing is left goes too. */
export function removeIniValue(text: string, [section, key]: IniPath): string | undefined {
  const lines = linesOf(text)
  const place = findSection(lines, section)
  const known = place && findEntry(lines, place, key)
  if (place === undefined || known === undefined) return undefined
  lines.splice(known.start, known.end - known.start)
  const end = place.end - (known.end - known.start)
  const isEmpty = lines.slice(place.start, end).every((line) => line.trim() === '')
  if (isEmpty) lines.splice(place.start - 1, end - place.start + 1)
  return join(lines)
}

/** Section and key, both as `readIni` gives them. */
export type IniPath = readonly [section: string, key: string]

interface Span {
  readonly start: number
  readonly end: number
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function join(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** What stands between a heading and the next one; of several with one name, the last. */
function findSection(lines: readonly string[], section: string): Span | undefined {
  const start = lines.findLastIndex((line) => line.trim() === `[${section}]`) + 1
  if (start === 0) return undefined
  const length = lines.slice(start).findIndex((line) => /^\s*\[[^\]]+\]\s*$/.test(line))
  return { start, end: length < 0 ? lines.length : start + length }
}

/** With the indented lines that its value goes on over. */
function findEntry(lines: readonly string[], section: Span, key: string): Span | undefined {
  for (let at = section.start; at < section.end; at += 1) {
    const [name = ''] = lines[at]!.split(/[=:]/, 1)
    const written = name.trim().toLowerCase().replaceAll('_', '-').replace(/^--/, '')
    if (/^\s/.test(lines[at]!) || written !== key) continue
    let end = at + 1
    while (end < section.end && /^\s+\S/.test(lines[end]!)) end += 1
    return { start: at, end }
  }
  return undefined
}

function endOfContent(lines: readonly string[], { start, end }: Span): number {
  let at = end
  while (at > start && lines[at - 1]!.trim() === '') at -= 1
  return at
}
