/** Which credentials go with a URL. They are bound to scheme, host and port, and never go anywhere else. */
import { readFileSync } from 'node:fs'
import type { CredentialOptions, IndexOptions } from '../client-options.ts'
import { basicAuthorization, type Credential, userinfoOf, withoutUserinfo } from './credential.ts'
import { readKeyring } from './keyring.ts'
import { type NetrcEntry, parseNetrc } from './netrc.ts'

/** A place whose credentials are known, or whose user is. */
interface Realm {
  readonly url: URL
  readonly credential: Credential
}

export class Credentials {
  readonly #options: CredentialOptions
  readonly #indexUrls: readonly URL[]
  readonly #realms: Realm[] = []
  readonly #asked = new Map<string, Promise<Credential | undefined>>()
  #netrc: ReadonlyMap<string, NetrcEntry> | undefined

  constructor(options: CredentialOptions = {}, places: readonly IndexOptions[] = []) {
    this.#options = options
    const known: URL[] = []
    for (const { url: text, username = '', password = '' } of places) {
      const url = URL.parse(text)
      if (url === null) continue
      const clean = withoutUserinfo(url)
      known.push(clean)
      const own = userinfoOf(url)
      if (own !== undefined) this.#realms.push({ url: clean, credential: own })
      if (username !== '' || password !== '') {
        this.#realms.unshift({ url: clean, credential: { username, password } })
      }
    }
    this.#indexUrls = known
  }

  /** `own` is what the URL of the request itself says. It goes with that request alone: pages are full of URLs. */
  authorizationFor(url: URL, own?: Credential): string | undefined {
    const credential = this.#find(url, own)
    return credential && basicAuthorization(credential)
  }

  /** After a 401 to `refused`: whether there are other credentials to try, from the keyring. They are kept for the host. */
  async askKeyring(url: URL, refused: string | undefined, own?: Credential): Promise<boolean> {
    if (this.#options.keyring !== 'subprocess') return false
    const tried = this.#find(url, own)
    // Another request has asked meanwhile.
    if (refused !== this.authorizationFor(url, own)) return true
    // A user with a password was refused; the keyring is for users without one.
    if (tried !== undefined && tried.password !== '') return false
    const service = nearest(url, this.#indexUrls, (index) => index)?.href ?? url.origin
    const credential = await this.#askOnce(service, url.host, tried?.username)
    if (credential === undefined) return false
    const realm = nearest(url, this.#realms, (known) => known.url)
    this.#realms.unshift({ url: realm?.url ?? new URL('/', url), credential })
    return true
  }

  #askOnce(service: string, host: string, username?: string): Promise<Credential | undefined> {
    const key = JSON.stringify([service, username])
    let answer = this.#asked.get(key)
    if (answer === undefined) {
      const command = this.#options.keyringCommand ?? ['keyring']
      answer = readKeyring(command, { service, username }).then(
        (found) => found ?? readKeyring(command, { service: host, username }),
      )
      this.#asked.set(key, answer)
    }
    return answer
  }

  #find(url: URL, own?: Credential): Credential | undefined {
    if (own !== undefined && own.password !== '') return own
    const near = nearest(url, this.#realms, (realm) => realm.url)?.credential
    const known = own === undefined || near?.username === own.username ? near : own
    if (known !== undefined && known.password !== '') return known
    const entry = this.#readNetrc().get(url.hostname) ?? this.#readNetrc().get('')
    const fits = known === undefined || known.username === entry?.login
    if (entry !== undefined && fits) return { username: entry.login, password: entry.password }
    return known
  }

  #readNetrc(): ReadonlyMap<string, NetrcEntry> {
    this.#netrc ??= readFirst(this.#options.netrcFiles ?? [])
    return this.#netrc
  }
}

/** The one of the same origin that shares the longest path with the URL. */
function nearest<Item>(
  url: URL,
  items: readonly Item[],
  urlOf: (item: Item) => URL,
): Item | undefined {
  let best: Item | undefined
  let longest = -1
  for (const item of items) {
    const { origin, pathname } = urlOf(item)
    if (origin !== url.origin) continue
    const shared = sharedSegments(pathname, url.pathname)
    if (shared > longest) {
      best = item
      longest = shared
    }
  }
  return best
}

function sharedSegments(one: string, other: string): number {
  const left = one.split('/')
  const right = other.split('/')
  let shared = 0
  while (shared < left.length && left[shared] === right[shared]) shared++
  return shared
}

function readFirst(paths: readonly string[]): ReadonlyMap<string, NetrcEntry> {
  for (const path of paths) {
    try {
      return parseNetrc(readFileSync(path, 'utf8'))
    } catch {
      // A .netrc that is not there or not ours to read is as good as none.
    }
  }
  return new Map()
}
