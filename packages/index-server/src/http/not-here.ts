/** What a 404 says of a name, and whether an upstream could have it. */
import type { Domain } from '../domain/domain.ts'
import type { IndexTree } from '../domain/indexes/index-tree.ts'
import { HttpError } from './http-error.ts'

export interface Asked {
  readonly domain: Domain
  readonly tree: IndexTree
}

/** `asked` for names that upstreams may have. */
export function projectNotFound(name: string, asked?: Asked): HttpError {
  const shown = JSON.stringify(name.slice(0, 100))
  return notHere(`There is no project ${shown} in this index.`, asked)
}

export function releaseNotFound(project: string, version: string, asked: Asked): HttpError {
  const shown = JSON.stringify(version.slice(0, 100))
  return notHere(`The project "${project}" has no release ${shown}.`, asked)
}

function notHere(message: string, asked?: Asked): HttpError {
  return new HttpError(404, 'not-found', message + (asked ? offlineNote(asked) : ''))
}

/** The same for every name, so that it tells nothing of one that is kept for uploads; empty when upstreams are asked. */
export function offlineNote({ domain, tree }: Asked): string {
  const isOffline = tree.upstreams.some((upstream) => domain.upstreams.isOffline(upstream))
  return isOffline
    ? ' This server is offline: of its upstreams it has only what was asked for before.'
    : ''
}
