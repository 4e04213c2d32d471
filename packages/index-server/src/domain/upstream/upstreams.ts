/** What the rest of the domain knows of upstreams: their projects as they were last seen, and their files as bytes. */
import type { Hashes, NormalizedName } from '@cheeseshop/packaging'
import type { FileKind } from '../../database/schema.ts'
import type { StoredBlob } from '../../storage/blob-store.ts'

/** Another index that is read through this one. */
export interface Upstream {
  id: number
  name: string
  /** Without credentials. */
  url: string
}

export interface UpstreamProject {
  name: string
  normalizedName: NormalizedName
  status?: string
  statusReason?: string
  files: readonly UpstreamFile[]
  /** Moves whenever what is known of the project does; absent until what has just arrived is kept. */
  revision?: number
  /** Milliseconds; the upstream is asked again after it. */
  freshUntil: number
  /** The upstream could not be asked, so this is what it said before. */
  isStale: boolean
  lastError?: string
}

export interface UpstreamFile {
  filename: string
  /** As the filename has it; absent where the filename tells none. */
  version?: string
  kind: FileKind
  url: string
  size?: number
  hashes: Hashes
  requiresPython?: string
  isYanked: boolean
  yankedReason?: string
  /** ISO 8601. */
  uploadedAt?: string
  /** Where the upload time is from when the upstream does not tell it: another upstream, or the date of the file on its server. */
  uploadedAtFrom?: 'last-modified' | (string & {})
  /** Whether `openMetadata` can answer; digests where the upstream told them. */
  hasMetadata: boolean | Hashes
  /** Its bytes are here. */
  isCached: boolean
}

export interface ReadOptions {
  /** Milliseconds to wait for the upstream before what is known already will do. */
  wait?: number
  /** What is known already will do: the upstream is not asked. */
  keptOnly?: boolean
}

export type Revisions = ReadonlyMap<number, number>

/** Reads upstreams and keeps what it read. */
export interface Upstreams {
  /**
   * Undefined when the upstream says that it has no such project and never had one that we know.
   * `UpstreamUnavailable` when it does not answer and nothing is known.
   */
  readProject(
    upstream: Upstream,
    name: NormalizedName,
    options?: ReadOptions,
  ): Promise<UpstreamProject | undefined>
  /** It is never asked: only what is kept of it is here. */
  isOffline(upstream: Upstream): boolean
  /** By id of each upstream that has the project: its revision as `readProject` would tell it. Never asks the network. */
  revisions(upstreams: readonly Upstream[], name: NormalizedName): Promise<Revisions>
  /** The bytes, verified, also while they are still on their way: reading waits for them. */
  openFile(upstream: Upstream, name: NormalizedName, file: UpstreamFile): Promise<StoredBlob>
  openMetadata(upstream: Upstream, name: NormalizedName, file: UpstreamFile): Promise<StoredBlob>
  /** For what follows from an answer that does not wait for it: a server that stops does, and what fails is reported. */
  follow(upstream: Upstream, wanted: string, work: Promise<unknown>): void
  /** The names of all its projects, as it lists them now. `UpstreamUnavailable` when it tells none. */
  listNames(upstream: Upstream): Promise<readonly NormalizedName[]>
}

/** The upstream does not answer, and nothing of what was asked for is kept. */
export class UpstreamUnavailable extends Error {
  /** Seconds after which it is worth asking again. */
  readonly retryAfter: number

  constructor(message: string, retryAfter = 30) {
    super(message)
    this.name = 'UpstreamUnavailable'
    this.retryAfter = retryAfter
  }
}

/** For a server that has none. */
export const noUpstreams: Upstreams = {
  readProject: async () => undefined,
  isOffline: () => false,
  revisions: async () => new Map(),
  openFile: refuse,
  openMetadata: refuse,
  follow: (_upstream, _wanted, work) => void work.catch(() => {}),
  listNames: refuse,
}

async function refuse(upstream: Upstream): Promise<never> {
  throw new UpstreamUnavailable(`This server does not read upstreams, so not ${upstream.name}.`)
}
