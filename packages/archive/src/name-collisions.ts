/** Finds entries that would land on one another when unpacked. */
import { quoted } from './entry-name.ts'
import type { Findings } from './findings.ts'

/**
 * Refuses names given twice and files that are also folders; remarks on names that differ only in
 * case or Unicode form, which are one file on some systems. Linear but for one sort.
 */
export function checkCollisions(names: readonly string[], to: Findings): void {
  // Readers hear of dangers only, and that there is none is told without sorting ten thousand names.
  if (!to.isCollecting && areApart(names)) return
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

/** True only where no name is there twice and no file is a folder too; false where it would take long to tell. */
function areApart(names: readonly string[]): boolean {
  const files = new Set<string>()
  const paths = new Set<string>()
  for (const name of names) {
    const isFolder = name.endsWith('/')
    const path = isFolder ? name.slice(0, -1) : name
    paths.add(path)
    if (!isFolder) files.add(path)
  }
  return paths.size === names.length && !isAnyAbove(files, paths)
}

function isAnyAbove(files: ReadonlySet<string>, paths: ReadonlySet<string>): boolean {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash)
      if (folders.has(folder)) break
      if (files.has(folder)) return true
      folders.add(folder)
      if (slash === 0) break
    }
    // Names made of nothing but folders would fill the memory.
    if (folders.size > paths.size + 1000) return true
  }
  return false
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
