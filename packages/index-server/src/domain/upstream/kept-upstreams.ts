/** Reads upstreams and keeps what it read: the engine behind `Upstreams`. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { StoredBlob } from '../../storage/blob-store.ts'
import { type Engine, messageOf } from './engine.ts'
import { FileMetadata } from './file-metadata.ts'
import { Files } from './files.ts'
import { revisionsOf } from './kept-projects.ts'
import { listNames } from './list-names.ts'
import { Pages } from './pages.ts'
import type {
  ReadOptions,
  Revisions,
  Upstream,
  UpstreamFile,
  UpstreamProject,
  Upstreams,
} from './upstreams.ts'

export class KeptUpstreams implements Upstreams {
  readonly #engine: Engine
  readonly #pages: Pages
  readonly #files: Files
  readonly #metadata: FileMetadata
  readonly #following = new Set<Promise<unknown>>()

  constructor(engine: Engine) {
    this.#engine = engine
    this.#pages = new Pages(engine)
    this.#files = new Files(engine)
    this.#metadata = new FileMetadata(engine, this.#files)
  }

  readProject(
    upstream: Upstream,
    name: NormalizedName,
    options?: ReadOptions,
  ): Promise<UpstreamProject | undefined> {
    return this.#pages.read(upstream, name, options)
  }

  isOffline(upstream: Upstream): boolean {
    return this.#engine.connections.get(upstream.name) === 'offline'
  }

  revisions(upstreams: readonly Upstream[], name: NormalizedName): Promise<Revisions> {
    const ids = upstreams.map(({ id }) => id)
    return revisionsOf(this.#engine.db, ids, name)
  }

  openFile(upstream: Upstream, name: NormalizedName, file: UpstreamFile): Promise<StoredBlob> {
    return this.#files.open({ upstream, name, file })
  }

  openMetadata(upstream: Upstream, name: NormalizedName, file: UpstreamFile): Promise<StoredBlob> {
    return this.#metadata.open({ upstream, name, file })
  }

  follow({ name: upstream }: Upstream, wanted: string, work: Promise<unknown>): void {
    const report = (error: unknown) =>
      this.#engine.report({ upstream, wanted, error: messageOf(error) })
    const done = work.catch(report).finally(() => this.#following.delete(done))
    this.#following.add(done)
  }

  listNames(upstream: Upstream): Promise<readonly NormalizedName[]> {
    return listNames(this.#engine, upstream)
  }

  /** Waits for what goes on behind the scenes. */
  async settled(): Promise<void> {
    await this.#pages.settled()
    await this.#files.settled()
    await Promise.allSettled(this.#following)
  }

  /** Ends what goes on behind the scenes: an upstream that does not answer shall not keep a server from stopping. */
  async close(): Promise<void> {
    this.#engine.ending.abort()
    await this.settled()
    for (const connection of this.#engine.connections.values()) {
      if (connection !== 'offline') connection.client.close()
    }
  }
}
