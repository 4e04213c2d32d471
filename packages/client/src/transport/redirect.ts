/** Where an answer sends us, and whether we go there. */
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

export const mostRedirects = 10

const redirectStatuses = new Set([301, 302, 303, 307, 308])

export interface RedirectRules {
  /** Whether a secret went with the request that was redirected. */
  readonly hadCredentials: boolean
  /** An upload: its body is sent again, but only to the same realm. */
  readonly isUpload: boolean
}

/** The next URL, without userinfo; undefined when the answer is no redirect. Throws `redirect` for one that is refused. */
export function redirectTarget(
  from: URL,
  { status, location }: { readonly status: number; readonly location?: string | undefined },
  rules: RedirectRules,
): URL | undefined {
  if (!redirectStatuses.has(status) || location === undefined) return undefined
  // RFC 9110, 15.4.4: 303 does not ask for the upload again; it is an answer like any other.
  if (rules.isUpload && status === 303) return undefined
  const to = URL.parse(location, from)
  if (to === null) throw refused(from, location, 'which is no URL')
  const problem = findProblem(from, to, rules)
  if (problem !== undefined) throw refused(from, redactUrl(to), problem)
  // Userinfo of a redirect is the server's idea, not the user's.
  to.username = ''
  to.password = ''
  if (to.hash === '') to.hash = from.hash
  return to
}

function findProblem(from: URL, to: URL, rules: RedirectRules): string | undefined {
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return `and ${to.protocol} is refused`
  if (from.protocol === 'https:' && to.protocol === 'http:' && rules.hadCredentials) {
    return 'which is not encrypted, and the request carried credentials'
  }
  if (rules.isUpload && to.origin !== from.origin) {
    return 'which is another host, and uploads go only where they were sent; correct the URL'
  }
  return undefined
}

function refused(from: URL, to: string, why: string): ClientError {
  const message = `${redactUrl(from)} redirects to ${to.slice(0, 500)}, ${why}.`
  return new ClientError('redirect', message, { url: from, hint: 'Check the URL of the index.' })
}

export function tooManyRedirects(url: URL): ClientError {
  const message = `${redactUrl(url)} redirects more than ${mostRedirects} times.`
  return new ClientError('redirect', message, { url, hint: 'Check the URL of the index.' })
}
