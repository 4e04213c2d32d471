/** `cheeseshop cache`: what is kept of upstreams, and what an operator does with it; works while the server runs. */
import { normalizeName, tryParseName } from '@cheeseshop/packaging'
import { UsageError } from '../config/usage-error.ts'
import { integer, list, onOff, text } from '../config/value-types.ts'
import {
  type CacheQuery,
  clearCache,
  listCachedFiles,
  pinFiles,
  readCacheTotals,
} from '../domain/upstream/cache/cached-files.ts'
import { formatBytes, plural } from '../format.ts'
import { openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'
import { table } from './table.ts'

const upstream = option(text, 'Only of this upstream, by its name.')
const only = option(list, 'Only these projects; acme-* is all that begin so.')

export const cacheInfo = command({
  name: 'cache info',
  summary: 'Show how much of each upstream is kept.',
  async run({ config, print }) {
    await using opened = await openDomain(config)
    const totals = await readCacheTotals(opened.domain)
    if (totals.length === 0) return print('There are no upstreams.')
    const rows = totals.map((each) => [
      each.upstream,
      each.url,
      String(each.projects),
      formatBytes(each.pages),
      String(each.files),
      formatBytes(each.bytes),
      String(each.pinned),
      String(each.stale),
    ])
    print(table(['upstream', 'url', 'projects', 'pages', 'files', 'size', 'pinned', 'stale'], rows))
  },
})

export const cacheList = command({
  name: 'cache list',
  summary: 'List the files of upstreams that are kept, the most recently used first.',
  options: { upstream, only, limit: option(integer(1, 1_000_000), 'How many at most.', 100) },
  async run({ config, options, print }) {
    await using opened = await openDomain(config)
    const files = await listCachedFiles(opened.domain, {
      ...queryOf(options),
      limit: options.limit,
    })
    const rows = files.map(({ upstream, filename, size, lastUsedAt, isPinned }) => [
      upstream,
      filename,
      formatBytes(size),
      lastUsedAt.slice(0, 16).replace('T', ' '),
      isPinned ? 'pinned' : '',
    ])
    print(table(['upstream', 'file', 'size', 'last used', ''], rows))
  },
})

export const cachePin = command({
  name: 'cache pin',
  summary: 'Keep the files of a project that are here, whatever the limits.',
  operands: 'PROJECT',
  options: { upstream },
  async run({ config, operands, options, print }) {
    await using opened = await openDomain(config)
    const count = await pinFiles(opened.domain, queryOf({ ...options, only: operands }), 1)
    print(`pinned ${plural(count, 'file')}`)
  },
})

export const cacheUnpin = command({
  name: 'cache unpin',
  summary: 'Let the files of a project be evicted again.',
  operands: 'PROJECT',
  options: { upstream },
  async run({ config, operands, options, print }) {
    await using opened = await openDomain(config)
    const count = await pinFiles(opened.domain, queryOf({ ...options, only: operands }), 0)
    print(`unpinned ${plural(count, 'file')}`)
  },
})

export const cacheClear = command({
  name: 'cache clear',
  summary: 'Forget pages and files of upstreams that are not pinned. Uploads are never touched.',
  options: {
    upstream,
    only,
    pinned: option(onOff, 'Forget what is pinned, too.', false),
    yes: option(onOff, 'Really forget all of it.', false),
  },
  async run({ config, options, print }) {
    if (options.only === undefined && !options.yes) {
      throw new UsageError(
        'everything kept of upstreams would be forgotten',
        'Add --yes to do it, or name projects with --only.',
      )
    }
    await using opened = await openDomain(config)
    const query = { ...queryOf(options), withPinned: options.pinned }
    const { files, bytes, pinned } = await clearCache(opened.domain, query)
    print(`forgot ${plural(files, 'file')} (${formatBytes(bytes)})`)
    if (pinned > 0) print(`left ${plural(pinned, 'pinned file')}; --pinned forgets them, too`)
  },
})

function queryOf(options: {
  readonly upstream?: string | undefined
  readonly only?: readonly string[] | undefined
}): CacheQuery {
  const { upstream, only } = options
  return {
    ...(upstream !== undefined && { upstream }),
    ...(only !== undefined && { names: only.map(readName) }),
  }
}

function readName(text: string): string {
  const isPrefix = text.endsWith('*')
  const stem = isPrefix ? text.slice(0, -1).replace(/[-_.]+$/, '-') : text
  if (tryParseName(stem.replace(/-$/, '')) === undefined) {
    throw new UsageError(`${JSON.stringify(text.slice(0, 80))} is no name of a project`)
  }
  return isPrefix ? `${normalizeName(stem)}*` : normalizeName(stem)
}
