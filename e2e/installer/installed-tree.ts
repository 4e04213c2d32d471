/** The files of an environment as they can be compared between two installers. */
import { hash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * Modes and contents by path; folders end with a slash. What may differ is evened out: the place of the environment,
 * the name of the installer, the order of RECORD, and how a launcher goes about calling its function.
 */
export function installedTree(root: string): Map<string, string> {
  const tree = new Map<string, string>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(root, path)
    if (entry.isSymbolicLink()) tree.set(name, `-> ${readlinkSync(path)}`)
    else if (entry.isDirectory()) tree.set(`${name}/`, '')
    else tree.set(name, `${lstatSync(path).mode.toString(8)} ${contentOf(root, name)}`)
  }
  return tree
}

/** Sentences on what one has and the other has not. */
export function differences(ours: Map<string, string>, theirs: Map<string, string>): string[] {
  const found: string[] = []
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    if (!theirs.has(name)) found.push(`only we have ${name}`)
    else if (!ours.has(name)) found.push(`only they have ${name}`)
    else if (ours.get(name) !== theirs.get(name)) found.push(`${name} differs`)
  }
  return found
}

function contentOf(root: string, name: string): string {
  const bytes = readFileSync(join(root, name))
  if (name.endsWith('.dist-info/INSTALLER')) return ''
  if (name.endsWith('.dist-info/RECORD')) return sortedRecord(bytes.toString('latin1'))
  if (name.startsWith('bin/')) return launcher(bytes.toString('latin1')).replaceAll(root, '<root>')
  // A tree of hundreds of projects does not fit into memory.
  return hash('sha256', bytes)
}

/** Digests of launchers and of INSTALLER go with what is in them. */
function sortedRecord(text: string): string {
  const rows = text.trim().split(/\r?\n/)
  return rows
    .map((row) => row.replace(/^(.*\/bin\/.*|.*\.dist-info\/INSTALLER),.*,.*$/, '$1'))
    .sort()
    .join('\n')
}

function launcher(text: string): string {
  const called = /^from ([\w.]+) import (\w+)$[\s\S]*sys\.exit\(([\w.]+)\(\)\)/m.exec(text)
  return called ? [text.split('\n')[0], ...called.slice(1)].join(' ') : text
}
