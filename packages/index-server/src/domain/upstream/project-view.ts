/** From what is kept of a project to what is shown: its page, and what we know of its files besides. */

import type { Engine } from './engine.ts'
import { type HeldFile, heldFilesOf, isHeld } from './held-files.ts'
import type { KeptFile, KeptPage } from './kept-page.ts'
import { decodePage } from './kept-page.ts'
import type { ArrivedProject, KeptProject, ProjectKey } from './kept-projects.ts'
import { otherSightings, type Sighting } from './other-sightings.ts'
import { RecentPages } from './recent-pages.ts'
import type { UpstreamFile, UpstreamProject } from './upstreams.ts'

export interface Standing {
  /** Milliseconds: what is shown counts until then. */
  readonly freshUntil: number
  /** Why it may be out of date. */
  readonly staleBecause?: string
  /** The upstream is never asked: only files that are here can be had. */
  readonly isOffline?: boolean
}

export class ProjectView {
  readonly #engine: Engine
  readonly #recent = new RecentPages()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async show(kept: KeptProject | ArrivedProject, standing: Standing): Promise<UpstreamProject> {
    const [page, held] = await Promise.all([
      'revision' in kept ? this.#recent.read(kept) : kept.page,
      heldFilesOf(this.#engine.db, kept),
    ])
    const sightings = await this.#sightings(kept, page)
    const files = page.files.map((file) =>
      shownFile(file, held.get(file.filename), sightings.get(file.filename)),
    )
    const { name, status, statusReason } = page
    const { freshUntil, staleBecause, isOffline = false } = standing
    return {
      name,
      normalizedName: kept.name,
      ...(status !== undefined && { status }),
      ...(statusReason !== undefined && { statusReason }),
      files: isOffline ? files.filter(({ isCached }) => isCached).map(withoutPromises) : files,
      ...('revision' in kept && { revision: kept.revision }),
      freshUntil,
      isStale: staleBecause !== undefined,
      ...(staleBecause !== undefined && { lastError: staleBecause }),
    }
  }

  /** Only where something is missing, and other upstreams have the name. */
  async #sightings(kept: ProjectKey, page: KeptPage): Promise<ReadonlyMap<string, Sighting>> {
    const isComplete = page.files.every((file) => file.uploadedAt && file.size !== undefined)
    if (isComplete) return new Map()
    return otherSightings(this.#engine.db, kept, decodePage)
  }
}

function shownFile(
  file: KeptFile,
  row: HeldFile | undefined,
  sighting: Sighting | undefined,
): UpstreamFile {
  const isCached = isHeld(file, row)
  const held = isCached || row?.sha256 === undefined ? row : undefined
  const isSame = sighting !== undefined && isSameFile(file, held, sighting)
  const size = file.size ?? held?.size ?? (isSame ? sighting.size : undefined)
  const uploaded = uploadTimeOf(file, held, isSame ? sighting : undefined)
  return {
    ...file,
    ...(size !== undefined && { size }),
    hashes: held?.sha256 === undefined ? file.hashes : { ...file.hashes, sha256: held.sha256 },
    ...uploaded,
    hasMetadata:
      held?.metadataSha256 === undefined ? file.hasMetadata : { sha256: held.metadataSha256 },
    isCached,
  }
}

/** The best source that knows: the upstream itself, another one that has the same bytes, the server the file came from. */
function uploadTimeOf(
  file: KeptFile,
  held: HeldFile | undefined,
  sighting: Sighting | undefined,
): Pick<UpstreamFile, 'uploadedAt' | 'uploadedAtFrom'> {
  if (file.uploadedAt !== undefined) return {}
  if (sighting?.uploadedAt !== undefined) {
    return { uploadedAt: sighting.uploadedAt, uploadedAtFrom: sighting.upstream }
  }
  if (held?.lastModified === undefined) return {}
  return { uploadedAt: held.lastModified, uploadedAtFrom: 'last-modified' }
}

function isSameFile(file: KeptFile, held: HeldFile | undefined, sighting: Sighting): boolean {
  const sha256 = file.hashes['sha256'] ?? held?.sha256
  return sha256 !== undefined && sha256 === sighting.sha256
}

function withoutPromises(file: UpstreamFile): UpstreamFile {
  return { ...file, hasMetadata: typeof file.hasMetadata === 'object' && file.hasMetadata }
}
