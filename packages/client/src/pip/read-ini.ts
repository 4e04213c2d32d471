/** The INI files of Python's configparser, as far as pip's configuration uses them. */

/** Values by key by section. A value may go on over indented lines, which then are its lines. Throws `SyntaxError`. */
export function readIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let key: string | undefined
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const content = line.trim()
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue
    const header = /^\[([^\]]{1,200})\]$/.exec(content)
    if (/^\s/.test(line) && section && key !== undefined) {
      section.set(key, `${section.get(key)}\n${content}`.trim())
    } else if (header) {
      section = sections.get(header[1]!) ?? new Map()
      sections.set(header[1]!, section)
      key = undefined
    } else {
      const entry = splitEntry(content)
      if (!section || !entry)
        throw new SyntaxError(`line ${at + 1} is neither [section] nor key = value`)
      key = entry.key
      section.set(key, entry.value)
    }
  }
  return sections
}

function splitEntry(line: string): { key: string; value: string } | undefined {
  const at = line.search(/[=:]/)
  if (at < 1) return undefined
  // pip takes `no_index` and `--no-index` for `no-index`.
  const key = line.slice(0, at).trim().toLowerCase().replaceAll('_', '-').replace(/^--/, '')
  return { key, value: line.slice(at + 1).trim() }
}
