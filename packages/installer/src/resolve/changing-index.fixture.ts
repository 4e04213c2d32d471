/** For tests: an index that changes, and resolutions of it of which one can tell whether they were solved. */

import { createHash } from 'node:crypto'
import { type Client, type ClientOptions, openClient } from '@cheeseshop/client'
import {
  type MarkerEnvironment,
  normalizeName,
  parseRequirement,
  parseTag,
  parseVersion,
} from '@cheeseshop/packaging'
import type { Resolution } from '@cheeseshop/resolver'
import { type ScriptedServer, serve } from '@cheeseshop/testing'
import type { InstalledProject } from '../environment/installed-project.ts'
import { type ResolveProjectsRequest, resolveProjects } from '../resolve.ts'
import { sourceOf } from './candidate-source.ts'

export interface Release {
  readonly requires: readonly string[]
  readonly yanked?: boolean
}

export interface Project {
  readonly releases: Record<string, Release>
  /** Of its page: `max-age=600` unless given. */
  cacheControl?: string
  /** Its page does not tell the digests of files and of their metadata. */
  hidesDigests?: boolean
}

export type Projects = Record<string, Project>

/** Whatever is changed in `projects` is on the pages from then on. */
export function serveProjects(projects: Projects): Promise<ScriptedServer> {
  return serve(({ url = '', headers }, response) => {
    const [, kind, name = ''] = url.split('/')
    const project = projects[name.split('-')[0]!]
    const isThere = kind === 'simple' || project?.releases[name.split('-')[1]!] !== undefined
    if (project === undefined || !isThere) return void response.writeHead(404).end()
    if (kind === 'files') return void response.end(metadataOf(project, name))
    const page = pageOf(name, project)
    const etag = `"${digestOf(page)}"`
    const known = headers['if-none-match'] === etag
    const control = project.cacheControl ?? 'max-age=600'
    response.writeHead(known ? 304 : 200, { etag, 'cache-control': control })
    response.end(known ? undefined : page)
  })
}

function pageOf(name: string, project: Project): string {
  const files = Object.entries(project.releases).map(([version, { yanked = false }]) => {
    const filename = `${name}-${version}-py3-none-any.whl`
    const sha256 = digestOf(metadataOf(project, filename))
    const told = project.hidesDigests
      ? { hashes: {}, 'core-metadata': true }
      : { hashes: { sha256 }, 'core-metadata': { sha256 } }
    return { filename, url: `/files/${filename}`, yanked, size: 100, ...told }
  })
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name, files })
}

function metadataOf({ releases }: Project, filename: string): string {
  const [name, version = ''] = filename.split('-')
  const requires = releases[version]!.requires.map((each) => `Requires-Dist: ${each}\n`)
  const extra = 'Provides-Extra: more\n'
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${extra}${requires.join('')}`
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export interface Answer {
  readonly isSolved: boolean
  /** All of the resolution, or what is wrong. */
  readonly said: string
}

export interface Asking {
  readonly url: string
  readonly folder: string
  readonly keeps?: boolean
  readonly request?: Partial<ResolveProjectsRequest>
  readonly client?: Partial<ClientOptions>
  readonly version?: string
  readonly words?: readonly string[]
}

/** One run, with a client of its own. */
export async function ask({ url, folder, keeps = true, version = '1', ...more }: Asking) {
  using client = openClient({
    indexes: [{ url: `${url}/simple/` }],
    cache: { folder },
    network: { retries: 0 },
    ...more.client,
  })
  let isSolved = false
  const asked: Promise<unknown>[] = []
  const ask = <Found>(answer: Promise<Found>) => {
    asked.push(answer)
    return answer
  }
  const counting: Pick<Client, 'project' | 'needs'> = {
    project: (name) => ask(client.project(name)),
    needs(file) {
      isSolved = true
      return ask(client.needs(file))
    },
  }
  const words = more.words ?? ['web']
  const requirements = words.map((word) => ({
    requirement: parseRequirement(word),
    origin: 'a test',
  }))
  const said = await resolveProjects(
    { requirements, environment, files, installed: new Map(), ...more.request },
    {
      client: counting,
      hasIndexes: true,
      buildMetadata: async () => ({ problem: 'must be built' }),
      readDirect: () => Promise.reject(new Error('no sources')),
      ...(keeps && { keeping: { folder, client, version } }),
    },
  ).then(describe, String)
  // What was read ahead of a failure would still be written into a folder that is removed.
  for (const answer of asked) await answer.catch(() => {})
  return { isSolved, said } satisfies Answer
}

/** Everything that can be read of it. */
function describe({ pins, warnings, stats }: Resolution): string {
  const all = [...pins].map(([name, { candidate, ...pin }]) => {
    const { version, isPrerelease, isYanked, yankedReason, isLastResort, requiresPython } =
      candidate
    const flags = [isPrerelease, isYanked, yankedReason, isLastResort, requiresPython]
    const by = pin.requiredBy.map((each) => [
      ...[each.name, each.extra, each.statedIn],
      ...[each.requirement, each.requirement.extras],
    ])
    const source = sourceOf(candidate)
    const from = source.kind === 'installed' ? source.project.metadata : source
    const rest = [pin.extras, pin.dependencies, pin.requiresPython]
    return JSON.stringify([name, candidate.name, candidate.url, version, flags, from, by, rest])
  })
  return [...all, JSON.stringify([warnings, stats])].join('\n')
}

export const environment = {
  python_full_version: '3.11.4',
  python_version: '3.11',
  sys_platform: 'linux',
} as MarkerEnvironment

export const files = { tags: parseTag('py3-none-any'), python: parseVersion('3.11.4') }

export function installed(name: string, version: string, requiresDist: readonly string[] = []) {
  const metadata = { name, version, requiresDist, providesExtra: [] }
  const project = { name: normalizeName(name), version: parseVersion(version), metadata }
  return { ...project, needs: metadata } as unknown as InstalledProject
}
