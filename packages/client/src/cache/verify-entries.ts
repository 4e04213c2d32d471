/** Looks through a whole cache for what is damaged. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attempt, remove } from './entry-files.ts'
import { format, wholeEntry } from './entry-form.ts'

export interface EntryCheck {
  readonly checked: number
  readonly damaged: readonly string[]
  /** This user may not read them, which says nothing of what they hold. */
  readonly unread: readonly string[]
}

/** Looks at every entry of this format and removes those that are damaged. */
export function verifyEntries(folder: string): EntryCheck {
  const kinds = (attempt(() => readdirSync(folder)) ?? []).filter((name) =>
    name.endsWith(`-${format}`),
  )
  const paths = kinds.flatMap((name) => attempt(() => listFiles(join(folder, name))) ?? [])
  const unread: string[] = []
  const damaged = paths.filter((path) => {
    const bytes = attempt(() => readFileSync(path))
    if (bytes === undefined) {
      if (existsSync(path)) unread.push(path)
      return false
    }
    const isWhole = attempt(() => wholeEntry(bytes, path)) !== undefined
    if (!isWhole) remove(path)
    return !isWhole
  })
  return { checked: paths.length - unread.length, damaged, unread }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}
