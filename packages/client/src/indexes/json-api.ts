/** The JSON API that indexes have beside their simple pages: what is known of a project or a release. */
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

/** Beside `/simple/` is `/pypi/`. Undefined where the URL of an index does not end that way. */
export function jsonUrl(root: URL, segments: readonly string[]): URL | undefined {
  if (!/^https?:$/.test(root.protocol) || !root.pathname.endsWith('/simple/')) return undefined
  const url = new URL(root)
  const path = [...segments, 'json'].map(encodeURIComponent).join('/')
  url.pathname = `${root.pathname.slice(0, -'simple/'.length)}pypi/${path}`
  return url
}

/** Throws ClientError `bad-page`. */
export function readJson({ url, body }: { url: URL; body: Buffer }): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new ClientError('bad-page', `${redactUrl(url)} is no JSON.`, { url, cause })
  }
}
