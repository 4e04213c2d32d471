/** Everything a client can be told. Reading environment variables and configuration files is the caller's work. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { OnClientEvent } from './client-event.ts'

export interface ClientOptions {
  /** In the order they are asked. None: only `findLinks` are looked at. */
  readonly indexes?: readonly IndexOptions[]
  /** Folders, `file:` URLs and URLs of pages with links to files of any project. */
  readonly findLinks?: readonly string[]
  /**
   * `first-index`: the first index that knows a name is the only one believed for it, so that nobody can put a file of a
   * private name on a public index. `best-match`: files of all indexes count, as pip does it.
   */
  readonly strategy?: 'first-index' | 'best-match'
  readonly credentials?: CredentialOptions
  readonly network?: NetworkOptions
  /** Without it nothing is kept on disk. */
  readonly cache?: CacheOptions
  /** Answer from the cache alone, however old it is. */
  readonly isOffline?: boolean
  readonly limits?: Partial<ClientLimits>
  readonly onEvent?: OnClientEvent
  /** Ends everything under way. */
  readonly signal?: AbortSignal
}

export interface IndexOptions {
  /** The root of a simple index; `https:`, `http:` or `file:`, with or without userinfo. */
  readonly url: string
  readonly name?: string
  readonly username?: string
  readonly password?: string
  /** Only asked when a requirement names it. */
  readonly isExplicit?: boolean
  /** Statuses besides 404 that mean "does not have this project": some registries answer 403. */
  readonly absentStatuses?: readonly number[]
}

export interface CredentialOptions {
  /** The first that exists is read, when the first request is made. */
  readonly netrcFiles?: readonly string[]
  /** `subprocess` runs the `keyring` program when a server answers 401. */
  readonly keyring?: 'disabled' | 'subprocess'
  /** Another program than `keyring`, with its first arguments. */
  readonly keyringCommand?: readonly string[]
}

export interface NetworkOptions {
  readonly userAgent?: string
  /** Milliseconds until a connection stands, TLS included. */
  readonly connectTimeoutMs?: number
  /** Milliseconds without a byte. */
  readonly idleTimeoutMs?: number
  /** The same for the answer to an upload, which servers take their time for. */
  readonly uploadTimeoutMs?: number
  /** Tries after the first. */
  readonly retries?: number
  /** The wait before the first retry; it doubles, with jitter. */
  readonly backoffMs?: number
  readonly proxies?: ProxyOptions
  readonly certificates?: CertificateOptions
  /** `host` or `host:port` whose certificates are not checked. */
  readonly trustedHosts?: readonly string[]
  /**
   * Hosts (`host` or `host:port`) that may be inside this network. When given, every other URL, also after redirects and
   * on pages, is refused when it leads to a loopback, private, link-local or otherwise special address. Behind a proxy
   * only what a URL says can be judged, for the proxy resolves the names.
   */
  readonly insideHosts?: readonly string[]
  /**
   * Requests at once for pages and metadata, and for files; and of the former, answers of more than 256 KB that are in memory
   * at once, without a limit unless one is given.
   */
  readonly concurrency?: {
    readonly requests?: number
    readonly downloads?: number
    readonly largeAnswers?: number
  }
}

export interface ProxyOptions {
  /** For `http:` URLs. */
  readonly http?: string
  /** For `https:` URLs. */
  readonly https?: string
  /** As in NO_PROXY: hosts and domains that are reached directly, with commas between. */
  readonly except?: string
}

export interface CertificateOptions {
  /** A PEM file of authorities to believe in place of Node's own list. */
  readonly authoritiesFile?: string
  /** Also believe the authorities of the operating system. */
  readonly withSystemAuthorities?: boolean
  /** A PEM file with the certificate and private key that we show. */
  readonly clientFile?: string
}

export interface CacheOptions {
  readonly folder: string
  /** Ask the server again about pages that are still fresh: all, or those of these projects. */
  readonly refresh?: 'all' | ReadonlySet<NormalizedName>
}

/** Bytes. */
export interface ClientLimits {
  /** A simple page, decoded. */
  readonly page: number
  /** The list of all projects, decoded. */
  readonly list: number
  /** A file of requirements and its like. */
  readonly text: number
  /** A METADATA file. */
  readonly metadata: number
  /** A wheel or an sdist. */
  readonly file: number
}

export const defaultLimits: ClientLimits = {
  page: 128 * 2 ** 20,
  list: 256 * 2 ** 20,
  text: 16 * 2 ** 20,
  metadata: 16 * 2 ** 20,
  file: 16 * 2 ** 30,
}
