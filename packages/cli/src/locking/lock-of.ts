/** From a resolution to pylock.toml: every file of every version that was chosen, so that the lock outlives this Python. */

import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceOf, type TreeSource } from '@cheeseshop/installer'
import {
  type LockedFile,
  type LockedPackage,
  type ProjectFile,
  parseVersion,
  writePylock,
} from '@cheeseshop/packaging'
import { withoutUserinfo } from '../report/without-userinfo.ts'
import type { IndexSettings } from '../settings/index-settings.ts'
import type { LockAnswer, LockedPin } from './lock-answer.ts'
import type { LockedFiles } from './locked-files.ts'
import type { OpenUrls } from './open-urls.ts'

export interface LockTools {
  readonly files: LockedFiles
  /** As they were named, with passwords where those are a part. */
  readonly indexes: IndexSettings
  /** Where the lock will stand. */
  readonly folder: string
  readonly urls: OpenUrls
}

export async function lockOf(answer: LockAnswer, tools: LockTools): Promise<string> {
  const { requiresPython, pins, many } = answer
  return writePylock({
    lockVersion: parseVersion('1.0'),
    createdBy: 'cheese',
    ...(many?.environments.length && { environments: many.environments }),
    requiresPython,
    packages: await Promise.all(pins.map((pin) => lockedPackage(pin, tools))),
    ...(many?.forks.length && { tool: { cheese: { forks: many.forks.map(String) } } }),
  })
}

async function lockedPackage(pin: LockedPin, tools: LockTools): Promise<LockedPackage> {
  const { name, version, url } = pin.candidate
  const source = sourceOf(pin.candidate)
  if (source.kind === 'installed') throw new Error(`${name} was not looked for`)
  const shared = { name, version, ...sharedKeys(pin) }
  if (source.kind === 'tree') {
    // What is installed of it has no password any more.
    if (url !== undefined) tools.urls.of(url)
    return { ...shared, ...lockedTree(source, tools) }
  }
  if (url !== undefined) {
    const { hashes } = await tools.files.hashed(source.file)
    return { ...shared, archive: { ...placeOf(source.file.url, tools), hashes } }
  }
  const files = await tools.files.of(pin)
  const [sdist] = files.filter(({ filename }) => !filename.endsWith('.whl')).map(lockedFile)
  const wheels = files.filter(({ filename }) => filename.endsWith('.whl')).map(lockedFile)
  const index = source.index && openIndex(source.index, tools)
  return {
    ...shared,
    ...(index && { index }),
    ...(sdist && { sdist }),
    ...(wheels.length > 0 && { wheels }),
  }
}

/** The client keeps passwords for itself, so that only the settings tell whether there is one. */
function openIndex(index: string, { indexes, urls }: LockTools): string {
  const spelled = (url: string) => withoutUserinfo(url).replace(/\/+$/, '')
  const named = indexes.indexes.find(({ url }) => spelled(url) === spelled(index))
  if (named) urls.of(named.url)
  return withoutUserinfo(index)
}

function sharedKeys({ marker, requiresPython, dependencies }: LockedPin): Partial<LockedPackage> {
  const tables = dependencies.map(({ name, version }) => {
    return { name, ...(version && { version: `${version}` }) }
  })
  return {
    ...(marker && { marker }),
    ...(requiresPython && { requiresPython }),
    ...(tables.length > 0 && { dependencies: tables }),
  }
}

function lockedTree(
  { directUrl, isEditable }: TreeSource,
  tools: LockTools,
): Partial<LockedPackage> {
  const { url, vcsInfo, archiveInfo, subdirectory } = directUrl
  const inside = subdirectory === undefined ? {} : { subdirectory }
  if (vcsInfo) {
    const { vcs, commitId, requestedRevision } = vcsInfo
    const revision = requestedRevision === undefined ? {} : { requestedRevision }
    return { vcs: { type: vcs, url: tools.urls.of(url), commitId, ...revision, ...inside } }
  }
  if (archiveInfo) {
    return { archive: { ...placeOf(url, tools), hashes: archiveInfo.hashes ?? {}, ...inside } }
  }
  const path = relativePath(url, tools)
  return { directory: { path, ...(isEditable && { editable: true }), ...inside } }
}

/** Files and folders of this machine by their paths from the lock, so that it may stand beside them in a repository. */
function placeOf(url: string, tools: LockTools): { url: string } | { path: string } {
  return url.startsWith('file:')
    ? { path: relativePath(url, tools) }
    : { url: tools.urls.of(url.split('#')[0]!) }
}

function relativePath(url: string, { folder }: LockTools): string {
  return (
    relative(folder, fileURLToPath(url.split('#')[0]!))
      .split(sep)
      .join('/') || '.'
  )
}

function lockedFile({ filename, url, hashes, size, uploadTime }: ProjectFile): LockedFile {
  return {
    name: filename,
    url,
    hashes,
    ...(size !== undefined && { size }),
    ...(uploadTime !== undefined && { uploadTime: new Date(uploadTime) }),
  }
}
