/** The paths of indexes: `acme/dev`, an owner and a name. */
import { defaultIndexName } from './package-index.ts'

/** First segments of URLs that have, or may get, a meaning of their own at the root. */
export const reservedOwners: ReadonlySet<string> = new Set([
  ...['simple', 'packages', 'legacy', 'pypi', 'json', 'project', 'projects', 'at', 'api'],
  ...['static', 'healthz', 'metrics', 'robots.txt', 'favicon.ico', '.well-known', '_'],
  ...['index', 'indexes', 'default', 'search', 'rss', 'feeds', 'integrity', 'danger-api'],
  ...['account', 'accounts', 'admin', 'login', 'logout', 'register', 'user', 'users', 'manage'],
  ...['organization', 'organizations', 'team', 'teams', 'invitations', 'help', 'docs', 'assets'],
])

const segment = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/

/** In lower case; empty for the default index, which is called `default`. Undefined for what no index can be called. */
export function tryParseIndexPath(text: string): string | undefined {
  const path = text.trim().toLowerCase()
  if (path === defaultIndexName) return ''
  const [owner = '', name = '', ...more] = path.split('/')
  if (more.length > 0 || !segment.test(owner) || !segment.test(name)) return undefined
  return reservedOwners.has(owner) ? undefined : path
}
