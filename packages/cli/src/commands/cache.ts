/** `cheese cache`: where things are kept, how much there is, whether it is whole, and how to get rid of it. */

import { existsSync, rmSync } from 'node:fs'
import { type ListedWheel, listCachedWheels } from '@cheeseshop/installer'
import { folderSize } from '../caching/folder-size.ts'
import { findDownloaded, findLeftovers } from '../caching/prune-cache.ts'
import { verifyCache } from '../caching/verify-cache.ts'
import { defineCommand, type ExitCode } from '../command.ts'
import { bytes, count } from '../report/units.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

export const cache = defineCommand({
  summary: 'Shows, checks or empties the cache.',
  operands: 'dir | info | list [PATTERN] | remove PATTERN... | purge | prune | verify',
  options: {
    ci: { kind: 'flag', help: 'prune: also all wheels that were not built here.' },
    'dry-run': { kind: 'flag', help: 'Remove nothing; say what would go.' },
    format: {
      kind: 'text',
      placeholder: 'FORMAT',
      choices: ['text', 'human', 'abspath', 'json'],
      help: 'text (or human), json, or for list abspath: the folders. [text]',
    },
  },
  onlyLooks: true,
  async run(session, { format, ci, 'dry-run': isDry }): Promise<ExitCode> {
    const [name = '', ...patterns] = session.words
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action)
      throw new UsageError(
        name === '' ? 'no action was named' : `cache has no ${JSON.stringify(name.slice(0, 40))}`,
        `it has ${Object.keys(actions).join(', ')}`,
      )
    if (patterns.length > 0 && name !== 'list' && name !== 'remove') {
      throw new UsageError(`cache ${name} takes nothing more, and was given ${patterns[0]}`)
    }
    if (!session.keepsCache) {
      throw new UsageError('there is no cache to look into', 'leave --no-cache-dir away')
    }
    const call = { patterns, asJson: format === 'json', asPaths: format === 'abspath', ci, isDry }
    return (await action(session, call)) ?? 0
  },
})

interface Call {
  readonly patterns: readonly string[]
  readonly asJson: boolean
  readonly asPaths: boolean
  readonly ci: boolean
  readonly isDry: boolean
}

type Action = (session: Session, call: Call) => ExitCode | undefined | Promise<ExitCode>

const actions: Record<string, Action> = {
  dir({ printer, cache: { path } }, { asJson }) {
    printer.data(asJson ? JSON.stringify({ path }) : path)
    return 0
  },
  info,
  list,
  remove,
  purge(session, { isDry }) {
    const { path } = session.cache
    return removeAll(session, existsSync(path) ? [path] : [], isDry)
  },
  prune(session, { ci, isDry }) {
    const found = [...findLeftovers(session.cache), ...(ci ? findDownloaded(session.cache) : [])]
    return removeAll(session, found, isDry)
  },
  verify,
}

function info({ printer, cache: folder }: Session, { asJson }: Call): ExitCode {
  const { path } = folder
  const all = listCachedWheels(folder)
  const built = all.filter(({ unpacked }) => unpacked === undefined).length
  const facts = { path, size: folderSize(path), wheels: all.length - built, built }
  printer.data(
    asJson
      ? JSON.stringify(facts)
      : `Location: ${path}\nSize: ${bytes(facts.size)}\nWheels: ${facts.wheels}\nBuilt here: ${built}`,
  )
  return 0
}

function list({ printer, cache: folder }: Session, call: Call): ExitCode {
  const chosen = choose(listCachedWheels(folder), call.patterns)
  const shown = chosen.map((each) => (call.asPaths ? each.folder : each.filename))
  const lines = [...new Set(shown)]
  if (call.asJson) printer.data(JSON.stringify(lines))
  else for (const line of lines) printer.data(line)
  return 0
}

function remove(session: Session, { patterns, isDry }: Call): ExitCode {
  if (patterns.length === 0)
    throw new UsageError('no project was named', 'cheese cache remove NAME')
  const chosen = choose(listCachedWheels(session.cache), patterns)
  if (chosen.length === 0)
    throw new UsageError(
      `no wheel in the cache matches ${patterns.join(' ')}`,
      'cheese cache list shows those there are',
    )
  return removeAll(
    session,
    chosen.map(({ folder }) => folder),
    isDry,
  )
}

async function verify(session: Session, { asJson }: Call): Promise<ExitCode> {
  const check = await verifyCache(session)
  const { wheels, entries, damaged, left, unread } = check
  if (unread.length > 0)
    session.printer.warning(
      `not checked: ${count(unread.length, 'file')} that this user may not read`,
    )
  if (asJson) session.printer.data(JSON.stringify(check))
  else {
    session.printer.info(
      `Checked ${count(wheels, 'wheel')} and ${count(entries, 'page, metadata file or solution', 'pages, metadata files and solutions')}: ${outcome(damaged.length, left.length)}`,
    )
  }
  return damaged.length + unread.length > 0 ? 1 : 0
}

function outcome(damaged: number, left: number): string {
  if (damaged === 0) return 'all are whole'
  return `${damaged} damaged, and ${left === 0 ? 'removed' : `${left} of them cannot be removed by this user`}`
}

function removeAll({ printer }: Session, paths: readonly string[], isDry: boolean): ExitCode {
  const size = paths.reduce((sum, path) => sum + folderSize(path), 0)
  if (!isDry) for (const path of paths) rmSync(path, { recursive: true, force: true })
  const what = count(paths.length, 'entry', 'entries')
  if (paths.length === 0) printer.info('Nothing to remove')
  else printer.info(`${isDry ? 'Would remove' : 'Removed'} ${what} (${bytes(size)})`)
  return 0
}

/** Names of projects, or patterns of file names with `*`. */
function choose(wheels: readonly ListedWheel[], patterns: readonly string[]): ListedWheel[] {
  if (patterns.length === 0) return [...wheels]
  const wanted = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')
    const spelled = escaped.replace(/[-_]/g, '[-_]')
    return new RegExp(`^${spelled}${pattern.includes('*') ? '$' : '-'}`, 'i')
  })
  return wheels.filter(({ filename }) => wanted.some((each) => each.test(filename)))
}
