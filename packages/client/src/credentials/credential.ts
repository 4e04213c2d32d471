/** A user and a password, and how HTTP sends them. */

export interface Credential {
  readonly username: string
  readonly password: string
}

/** RFC 7617, in UTF-8. */
export function basicAuthorization({ username, password }: Credential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** The userinfo of a URL, decoded; undefined when it has none. */
export function userinfoOf(url: URL): Credential | undefined {
  if (url.username === '' && url.password === '') return undefined
  return { username: decode(url.username), password: decode(url.password) }
}

export function withoutUserinfo(url: URL): URL {
  const clean = new URL(url)
  clean.username = ''
  clean.password = ''
  return clean
}

/** Passwords with a bare "%" are taken as they stand. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
