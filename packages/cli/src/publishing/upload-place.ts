/** Where uploads go and with which credentials: options over variables over .pypirc. */
import type { UploadTarget } from '@cheeseshop/client'
import { UsageError } from '../report/usage-error.ts'
import { type Pypirc, type Repository, readPypirc } from './read-pypirc.ts'

export interface PlaceWish {
  readonly url: string | undefined
  /** The name of a section of .pypirc. */
  readonly repository: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
  readonly token: string | undefined
  readonly configFile: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface UploadPlace {
  /** Without credentials. */
  readonly url: string
  /** Undefined: trusted publishing, .netrc or a keyring may have some. */
  readonly credentials?: NonNullable<UploadTarget['credentials']>
}

/** Throws `UsageError` when no place is named. */
export function findUploadPlace(wish: PlaceWish): UploadPlace {
  const pypirc = readPypirc(wish.configFile, wish.environment)
  const { url, repository } = findUrl(wish, pypirc)
  const { href, inUrl } = splitUserinfo(url)
  const credentials = pair([wish, inUrl, fromVariables(wish.environment), repository ?? {}])
  return { url: href, ...(credentials && { credentials }) }
}

const urlVariables = ['CHEESE_PUBLISH_URL', 'UV_PUBLISH_URL', 'TWINE_REPOSITORY_URL']

function findUrl(wish: PlaceWish, pypirc: Pypirc): { url: string; repository?: Repository } {
  const { environment } = wish
  const sameUrl = (url: string) => pypirc.repositories.find((each) => each.url === url)
  if (wish.url !== undefined) return found(wish.url, sameUrl(wish.url))
  const inVariable = urlVariables.map((name) => environment[name]).find(Boolean)
  if (wish.repository === undefined && inVariable) return found(inVariable, sameUrl(inVariable))
  const { repositories } = pypirc
  const name = wish.repository ?? environment['TWINE_REPOSITORY']
  const usable = repositories.filter((each) => each.url !== undefined)
  const only = usable.length === 1 ? usable[0] : undefined
  const repository = name ? repositories.find((each) => each.name === name) : only
  if (repository?.url) return found(repository.url, repository)
  if (name)
    throw new UsageError(noRepository(name, pypirc), 'name the place itself with --publish-url')
  throw new UsageError(
    'nothing says where to publish',
    'name the upload URL of an index with --publish-url or CHEESE_PUBLISH_URL, or write a repository into .pypirc',
  )
}

function found(url: string, repository: Repository | undefined) {
  return { url, ...(repository && { repository }) }
}

function noRepository(name: string, { path, repositories }: Pypirc): string {
  const known = repositories.map((each) => each.name).join(', ')
  const shown = JSON.stringify(name.slice(0, 80))
  return `${path} has no repository ${shown} with a URL; it has ${known === '' ? 'none' : known}`
}

function splitUserinfo(text: string) {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${JSON.stringify(text.slice(0, 200))} is no URL to publish to`)
  }
  const { username, password } = url
  url.username = ''
  url.password = ''
  return { href: url.href, inUrl: { username: decode(username), password: decode(password) } }
}

/** Passwords with a bare "%" are taken as they stand. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

interface Given {
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly token?: string | undefined
}

/**
 * The first source with a secret counts; as in twine, another may name the user. A password alone is a token:
 * `__token__` is the user of every index that has them.
 */
function pair(sources: readonly Given[]) {
  const { token, password } = sources.find((each) => each.token || each.password) ?? {}
  if (token) return { username: '__token__', password: token }
  const named = sources.find((each) => each.username)
  return password ? { username: named?.username ?? '__token__', password } : undefined
}

function fromVariables(environment: PlaceWish['environment']): Given {
  const first = (name: string) =>
    ['CHEESE_PUBLISH_', 'UV_PUBLISH_', 'TWINE_']
      .map((prefix) => environment[prefix + name])
      .find(Boolean)
  return { token: first('TOKEN'), username: first('USERNAME'), password: first('PASSWORD') }
}
