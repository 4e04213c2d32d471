/** Upstreams that are values in memory, for tests of what is made of their answers. */
import { type NormalizedName, parseWheelFilename } from '@cheeseshop/packaging'
import {
  type ReadOptions,
  type Upstream,
  type UpstreamFile,
  type UpstreamProject,
  type Upstreams,
  UpstreamUnavailable,
} from '../domain/upstream/upstreams.ts'
import { keepBytes, type StoredBlob } from '../storage/blob-store.ts'
import { memoryStore } from '../storage/memory.ts'

export class MemoryUpstreams implements Upstreams {
  readonly #projects = new Map<string, UpstreamProject>()
  /** Names that were asked for, in order. */
  readonly asked: string[] = []
  isDown = false

  /** Replaces the project by one with these wheels. */
  publish(name: string, files: readonly Partial<UpstreamFile>[]): void {
    const revision = (this.#projects.get(name)?.revision ?? 0) + 1
    this.#projects.set(name, {
      name,
      normalizedName: name as NormalizedName,
      files: files.map((file) => wheelOf(name, file)),
      revision,
      freshUntil: Number.MAX_SAFE_INTEGER,
      isStale: false,
    })
  }

  async readProject(upstream: Upstream, name: NormalizedName, options: ReadOptions = {}) {
    if (options.keptOnly) return this.#projects.get(name)
    this.asked.push(name)
    if (this.isDown) throw new UpstreamUnavailable(`${upstream.name} is down.`)
    return this.#projects.get(name)
  }

  async revisions(upstreams: readonly Upstream[], name: NormalizedName) {
    const revision = this.#projects.get(name)?.revision ?? 0
    return new Map(upstreams.map(({ id }) => [id, revision]))
  }

  async listNames() {
    return [...this.#projects.keys()] as NormalizedName[]
  }

  /** What the METADATA of each file says, by filename. */
  readonly metadata = new Map<string, string>()

  /** What each file holds, by filename. */
  readonly bytes = new Map<string, Uint8Array>()

  async openFile(upstream: Upstream, _: NormalizedName, { filename }: UpstreamFile) {
    const bytes = this.bytes.get(filename)
    return bytes === undefined ? refuse(upstream) : stored(bytes)
  }

  async openMetadata(upstream: Upstream, _: NormalizedName, file: UpstreamFile) {
    const text = this.metadata.get(file.filename)
    return text === undefined ? refuse(upstream) : stored(Buffer.from(text))
  }
}

async function stored(bytes: Uint8Array): Promise<StoredBlob> {
  const store = memoryStore(() => new Date(0))
  const { sha256 } = await keepBytes(store, bytes)
  return (await store.open(sha256))!
}

async function refuse(upstream: Upstream): Promise<never> {
  throw new UpstreamUnavailable(`${upstream.name} has no bytes.`)
}

function wheelOf(name: string, file: Partial<UpstreamFile>): UpstreamFile {
  const filename = file.filename ?? `${name}-1.0-py3-none-any.whl`
  return {
    version: parseWheelFilename(filename).version.toString(),
    filename,
    kind: 'bdist_wheel',
    url: `https://upstream.example/files/${filename}`,
    hashes: { sha256: '0'.repeat(64) },
    isYanked: false,
    hasMetadata: false,
    isCached: false,
    uploadedAt: '2020-01-01T00:00:00Z',
    ...file,
  }
}
