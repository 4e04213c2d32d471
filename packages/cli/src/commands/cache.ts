/** `cheese cache`: where things are kept, how much there is, and how to get rid of it. */

import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from '../command.ts'
import { bytes, count } from '../report/units.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import { formatOption } from './format-option.ts'

export const cache = defineCommand({
  summary: 'Shows or empties the cache.',
  operands: 'dir | info | list | remove NAME... | purge',
  options: { format: formatOption },
  async run(session, values) {
    const [action = '', ...names] = session.words
    const known = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!known)
      throw new UsageError(
        `cache has no ${JSON.stringify(action.slice(0, 40))}`,
        `it has ${Object.keys(actions).join(', ')}`,
      )
    known(session, names, values.format === 'json')
    return 0
  },
})

type Action = (session: Session, names: readonly string[], asJson: boolean) => void

const actions: Record<string, Action> = {
  dir: ({ printer, cache: { path } }, _, asJson) =>
    printer.data(asJson ? JSON.stringify({ path }) : path),
  info,
  list: (session, _, asJson) => {
    const names = wheelsOf(session).map(({ filename }) => filename)
    if (asJson) session.printer.data(JSON.stringify(names))
    else for (const name of names) session.printer.data(name)
  },
  remove,
  purge: ({ printer, cache: { path } }) => {
    const size = sizeOf(path)
    rmSync(path, { recursive: true, force: true })
    printer.info(`Removed ${bytes(size)}`)
  },
}

function info(session: Session, _: readonly string[], asJson: boolean): void {
  const { path } = session.cache
  const wheels = wheelsOf(session).length
  const size = sizeOf(path)
  session.printer.data(
    asJson
      ? JSON.stringify({ path, size, wheels })
      : `Location: ${path}\nSize: ${bytes(size)}\nWheels: ${wheels}`,
  )
}

/** Names of projects, or patterns of file names with `*`. */
function remove(session: Session, names: readonly string[]): void {
  if (names.length === 0) throw new UsageError('no project was named', 'cheese cache remove NAME')
  const patterns = names.map((name) => {
    const escaped = name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')
    return new RegExp(`^${escaped.replace(/[-_]/g, '[-_]')}${name.includes('*') ? '$' : '-'}`, 'i')
  })
  const chosen = wheelsOf(session).filter(({ filename }) =>
    patterns.some((each) => each.test(filename)),
  )
  if (chosen.length === 0) throw new UsageError('no wheel in the cache matches')
  for (const { folder } of chosen) rmSync(folder, { recursive: true, force: true })
  session.printer.info(`Removed ${count(chosen.length, 'wheel')}`)
}

function wheelsOf({ cache: folder }: Session): { filename: string; folder: string }[] {
  const root = folder.join('wheels')
  if (!existsSync(root)) return []
  return readdirSync(root)
    .flatMap((part) => readdirSync(join(root, part)).map((name) => join('wheels', part, name)))
    .flatMap((name) => {
      const manifest = folder.readJson(join(name, 'manifest.json')) as
        | { filename?: string }
        | undefined
      return manifest?.filename ? [{ filename: manifest.filename, folder: folder.join(name) }] : []
    })
    .sort((a, b) => (a.filename < b.filename ? -1 : 1))
}

function sizeOf(path: string): number {
  let size = 0
  const entries = existsSync(path)
    ? readdirSync(path, { recursive: true, withFileTypes: true })
    : []
  for (const entry of entries) {
    if (entry.isFile()) size += statSync(join(entry.parentPath, entry.name)).size
  }
  return size
}
