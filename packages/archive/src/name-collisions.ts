/** Finds entries that would land on one another when unpacked. */
import { quoted } from './entry-name.ts'
import type { Findings } from './findings.ts'

/**
 * Refuses names given twice and files that are also folders; remarks on names that differ only in
 * case or Unicode form, which are one file on some systems. Linear but for one sort.
 */
export function checkCollisions(names: readonly string[], to: Findings): void {
  const keys = names.map(sortKey).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  let file: SortKey | undefined
  let previous: SortKey | undefined
  for (const current of keys) {
    if (previous?.key === current.key) {
      to.refuse('duplicate-name', `The name ${quoted(current.name)} is there twice.`, current.name)
    } else if (file && current.key.startsWith(`${file.key}\0`)) {
      const message = `The name ${quoted(file.name)} is a file, and a folder for ${quoted(current.name)}.`
      to.refuse('file-is-directory', message, file.name)
    }
    if (!current.name.endsWith('/')) file = current
    previous = current
  }
  remarkOnCase(keys, to)
}

interface SortKey {
  readonly key: string
  readonly name: string
}

/** NUL sorts before everything, so a file is directly followed by what lies below it. */
function sortKey(name: string): SortKey {
  const path = name.endsWith('/') ? name.slice(0, -1) : name
  return { name, key: path.replaceAll('/', '\0') }
}

function remarkOnCase(keys: readonly SortKey[], to: Findings): void {
  const seen = new Map<string, SortKey>()
  for (const current of keys) {
    const folded = current.key.normalize('NFC').toLowerCase()
    const other = seen.get(folded)
    if (!other) seen.set(folded, current)
    else if (other.key !== current.key) {
      const message = `The names ${quoted(other.name)} and ${quoted(current.name)} are one file where case does not matter.`
      to.remark('case-collision', message, current.name)
    }
  }
}
