/** Tells a planned history as rows, in the order the server would have written them; projects come last, whole. */
import { normalizeName } from '@cheeseshop/packaging'
import { lookAlikeKey } from 'cheeseshop/src/domain/catalog/names/look-alike.ts'
import { coreMetadata } from './core-metadata.ts'
import { type History, type PlannedRelease, planHistory } from './history.ts'
import { projectNames } from './project-names.ts'
import { Random } from './random.ts'
import { digestsOf, type FileName, fileNames, metadataDigest } from './release-files.ts'
import type { Scale } from './scale.ts'
import type { Row, SeedRow } from './seed-row.ts'
import { versionOf } from './version-of.ts'

/** The same rows for the same scale and names. */
export function seedRows(scale: Scale): Generator<SeedRow> {
  const { names, popular } = projectNames(scale.projects)
  return new Chronicle(scale, names, planHistory(scale, popular)).rows()
}

class Chronicle {
  readonly #scale: Scale
  readonly #names: readonly string[]
  readonly #history: History
  readonly #random = new Random(1)
  readonly #projects = new Map<number, Row<'projects'> & { owner: number }>()
  readonly #totals: Row<'totals'> = {
    index_id: 1,
    projects: 0,
    releases: 0,
    files: 0,
    bytes: 0,
  }
  #users = 0
  #serial = 0

  constructor(scale: Scale, names: readonly string[], history: History) {
    this.#scale = scale
    this.#names = names
    this.#history = history
  }

  *rows(): Generator<SeedRow> {
    for (const release of this.#history.releases()) {
      yield* this.#usersUntil((this.#totals.releases + 1) / this.#history.releaseCount, release.at)
      if (!this.#projects.has(release.project)) yield* this.#project(release)
      yield* this.#release(release)
    }
    for (const { owner, ...values } of this.#projects.values()) {
      yield { table: 'projects', values }
      const grant = { user_id: owner, project_id: values.id, role: 'owner' } as const
      yield { table: 'grants', values: { ...grant, created_at: values.created_at } }
    }
    yield { table: 'totals', values: this.#totals }
  }

  /** Accounts grow in step with releases. */
  *#usersUntil(share: number, at: Date): Generator<SeedRow> {
    while (this.#users < Math.ceil(this.#scale.users * share)) {
      const id = ++this.#users
      const username = usernameOf(id)
      const values: Row<'users'> = {
        id,
        username,
        normalized_username: username,
        display_name: `Person ${id}`,
        email: `${username}@example.org`,
        is_administrator: id === 1 ? 1 : 0,
        created_at: at.toISOString(),
      }
      yield { table: 'users', values }
      const facts = { username, isAdministrator: id === 1 }
      yield this.#event({ type: 'user-created', at: values.created_at, actor: username, facts })
    }
  }

  *#project({ project, at }: PlannedRelease): Generator<SeedRow> {
    const name = this.#names[project]!
    const owner = 1 + this.#random.below(this.#users)
    const values: Row<'projects'> = {
      id: ++this.#totals.projects,
      index_id: 1,
      name,
      normalized_name: normalizeName(name),
      look_alike_key: lookAlikeKey(name),
      status: 'active',
      status_reason: null,
      last_serial: 0,
      size: 0,
      created_at: at.toISOString(),
    }
    this.#projects.set(project, { ...values, owner })
    const actor = usernameOf(owner)
    const about = { at: values.created_at, actor, project }
    yield this.#event({ ...about, type: 'project-created' })
    const facts = { username: actor, role: 'owner' }
    yield this.#event({ ...about, type: 'grant-added', facts })
  }

  *#release(release: PlannedRelease): Generator<SeedRow> {
    const project = this.#projects.get(release.project)!
    const version = versionOf(release.ordinal)
    const at = release.at.toISOString()
    const id = ++this.#totals.releases
    yield { table: 'releases', values: { id, project_id: project.id, ...version, created_at: at } }
    const actor = usernameOf(project.owner)
    const about = { at, actor, project: release.project, version: version.version }
    yield this.#event({ ...about, type: 'release-created' })
    const yanked = this.#random.next() < 0.01
    const requires_python = release.ordinal % 3 === 0 ? null : '>=2.7, !=3.0.*, !=3.1.*, !=3.2.*'
    const core_metadata = coreMetadata(project.name, version.version, requires_python)
    const shared = {
      index_id: 1,
      project_id: project.id,
      release_id: id,
      requires_python,
      yanked: yanked ? 1 : 0,
      yanked_reason: yanked ? 'Broken on some platforms' : null,
      uploaded_at: at,
      uploaded_by: project.owner,
      uploaded_via: 'twine/3.1.1',
    } as const
    for (const name of fileNames(project.normalized_name, version.version, release.files)) {
      const values: Row<'files'> = { ...shared, id: ++this.#totals.files, ...this.#content(name) }
      project.size += values.size
      this.#totals.bytes += values.size
      yield { table: 'files', values }
      const { filename, kind, python_tag: pythonTag, size, sha256 } = values
      const metadata = { file_id: values.id, sha256: metadataDigest(filename), core_metadata }
      yield { table: 'file_metadata', values: metadata }
      const facts = { kind, pythonTag, size, sha256, uploadedVia: values.uploaded_via }
      yield this.#event({ ...about, type: 'file-published', filename, facts })
    }
  }

  #content({ filename, kind, pythonTag }: FileName) {
    return {
      filename,
      kind,
      python_tag: pythonTag,
      size: Math.round(Math.exp(11.5 + 2 * this.#random.normal())),
      ...digestsOf(filename),
      metadata_sha256: kind === 'sdist' ? null : metadataDigest(filename),
    }
  }

  #event(event: MadeEvent): SeedRow {
    const id = ++this.#serial
    const project = event.project === undefined ? undefined : this.#projects.get(event.project)!
    if (project) project.last_serial = id
    const values: Row<'events'> = {
      id,
      type: event.type,
      at: event.at,
      actor: event.actor,
      index_id: null,
      project_id: project?.id ?? null,
      project_name: project?.name ?? null,
      version: event.version ?? null,
      filename: event.filename ?? null,
      facts: JSON.stringify(event.facts ?? {}),
    }
    return { table: 'events', values }
  }
}

interface MadeEvent {
  type: 'user-created' | 'project-created' | 'grant-added' | 'release-created' | 'file-published'
  at: string
  actor: string
  project?: number
  version?: string
  filename?: string
  facts?: object
}

/** The first is the administrator that commands of the server act for. */
function usernameOf(id: number): string {
  return id === 1 ? 'admin' : `person-${id}`
}
