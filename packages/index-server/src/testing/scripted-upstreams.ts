/** Upstreams that say what a test wants, without any network, and remember what they were asked. */
import { createHash } from 'node:crypto'
import { type NormalizedName, normalizeName, tryParseWheelFilename } from '@cheeseshop/packaging'
import type { BuiltDistribution } from '@cheeseshop/testing'
import type { Domain } from '../domain/domain.ts'
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

/** A wheel, and what its page says besides what is true of it. */
type Offered = BuiltDistribution | readonly [BuiltDistribution, Partial<UpstreamFile>]

export class ScriptedUpstreams implements Upstreams {
  /** `public flask`, in the order of the questions. */
  readonly asked: string[] = []
  /** What they send, by filename. */
  readonly files = new Map<string, BuiltDistribution>()
  readonly #projects = new Map<string, UpstreamProject>()
  readonly #down = new Set<string>()
  readonly #following: Promise<unknown>[] = []
  #revision = 0

  /** The project is what these files are, from now on. */
  publish(upstream: string, offered: readonly Offered[]) {
    const files = offered.map((each) => ('filename' in each ? ([each, {}] as const) : each))
    const [name] = files.map(([{ filename }]) => tryParseWheelFilename(filename)?.name)
    if (name === undefined) throw new Error('Scripted upstreams have wheels.')
    for (const [file] of files) this.files.set(file.filename, file)
    this.#projects.set(`${upstream} ${normalizeName(name)}`, {
      name,
      normalizedName: normalizeName(name),
      files: files.map(([file, more]) => ({ ...upstreamFileOf(file), ...more })),
      revision: ++this.#revision,
      freshUntil: Number.MAX_SAFE_INTEGER,
      isStale: false,
    })
  }

  /** It answers nothing any more; what was asked before is kept or not. */
  fail(upstream: string, isKept: boolean): void {
    this.#down.add(upstream)
    for (const [key, project] of this.#projects) {
      if (!key.startsWith(`${upstream} `)) continue
      if (isKept) this.#projects.set(key, { ...project, isStale: true, revision: ++this.#revision })
      else this.#projects.delete(key)
    }
  }

  async readProject(upstream: Upstream, name: NormalizedName, options: ReadOptions = {}) {
    if (!options.keptOnly) this.asked.push(`${upstream.name} ${name}`)
    const project = this.#projects.get(`${upstream.name} ${name}`)
    if (project === undefined && this.#down.has(upstream.name)) {
      throw new UpstreamUnavailable(`The upstream ${upstream.name} does not answer.`)
    }
    return project
  }

  isOffline(): boolean {
    return false
  }

  async revisions(upstreams: readonly Upstream[], name: NormalizedName) {
    const revisionOf = (each: Upstream) => this.#projects.get(`${each.name} ${name}`)?.revision
    return new Map(
      upstreams.flatMap((each) => {
        const revision = revisionOf(each)
        return revision === undefined ? [] : [[each.id, revision]]
      }),
    )
  }

  async listNames(upstream: Upstream): Promise<NormalizedName[]> {
    const names = [...this.#projects.keys()].map((key) => key.split(' '))
    return names.flatMap(([of, name]) => (of === upstream.name ? [name as NormalizedName] : []))
  }

  follow(_upstream: Upstream, _wanted: string, work: Promise<unknown>): void {
    this.#following.push(work.catch(() => {}))
  }

  async settled(): Promise<void> {
    await Promise.all(this.#following)
  }

  openFile(_upstream: Upstream, _name: NormalizedName, file: UpstreamFile): Promise<StoredBlob> {
    return blobOf(this.files.get(file.filename)?.bytes)
  }

  openMetadata(_upstream: Upstream, _name: NormalizedName, file: UpstreamFile) {
    return blobOf(this.files.get(file.filename)?.metadata)
  }
}

/** A row for each; the first is a source of the default index. */
export async function addUpstreams(
  { db, clock }: Domain,
  names: readonly string[] = ['public'],
): Promise<void> {
  const created_at = clock().toISOString()
  for (const name of names) {
    const url = `https://${name}.example/simple/`
    await db.insertInto('upstreams').values({ name, url, created_at }).execute()
  }
  const source = { index_id: 1, position: 1, kind: 'upstream', upstream_id: 1 } as const
  await db.insertInto('index_sources').values(source).execute()
}

function upstreamFileOf(file: BuiltDistribution): UpstreamFile {
  const { filename, bytes, metadata } = file
  return {
    filename,
    version: tryParseWheelFilename(filename)!.version.toString(),
    kind: 'bdist_wheel',
    url: `https://files.example/${filename}`,
    size: bytes.length,
    hashes: { sha256: sha256(bytes) },
    isYanked: false,
    uploadedAt: '2020-01-02T03:04:05Z',
    hasMetadata: { sha256: sha256(Buffer.from(metadata)) },
    isCached: false,
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function blobOf(content: Uint8Array | string | undefined): Promise<StoredBlob> {
  if (content === undefined) throw new UpstreamUnavailable('The upstream has lost the file.')
  const store = memoryStore(() => new Date(0))
  const digests = await keepBytes(store, Buffer.from(content as string))
  return (await store.open(digests.sha256))!
}
