/** From a resolution to pylock.toml: every file of every version that was chosen, so that the lock outlives this Python. */

import type { Client } from '@cheeseshop/client'
import { type Environment, sourceOf } from '@cheeseshop/installer'
import {
  type LockedFile,
  type LockedPackage,
  type ProjectFile,
  parseSpecifierSet,
  parseVersion,
  tryParseSdistFilename,
  tryParseWheelFilename,
  writePylock,
} from '@cheeseshop/packaging'
import type { Pin, Resolution } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'
import { withoutUserinfo } from '../report/without-userinfo.ts'

export interface LockTools {
  readonly client: Client
  readonly environment: Environment
}

export async function lockOf({ pins }: Resolution, tools: LockTools): Promise<string> {
  const { version } = tools.environment.interpreter
  return writePylock({
    lockVersion: parseVersion('1.0'),
    createdBy: 'cheese',
    requiresPython: parseSpecifierSet(`>=${version.major}.${version.minor}`),
    packages: await Promise.all([...pins.values()].map((pin) => lockedPackage(pin, tools))),
  })
}

async function lockedPackage(pin: Pin, { client }: LockTools): Promise<LockedPackage> {
  const { name, version, url } = pin.candidate
  const source = sourceOf(pin.candidate)
  if (source.kind === 'installed') throw new Error(`${name} was not looked for`)
  const requiresPython = pin.requiresPython && { requiresPython: pin.requiresPython }
  const dependencies = pin.dependencies.length > 0 && {
    dependencies: pin.dependencies.map((each) => ({ name: each })),
  }
  const shared = { name, version, ...requiresPython, ...dependencies }
  if (url !== undefined) {
    return { ...shared, archive: { url: source.file.url, hashes: source.file.hashes } }
  }
  const page = await client.project(name)
  const files = (page?.detail.files ?? []).filter((file) => isOf(file, pin))
  const [sdist] = files.filter(({ filename }) => !filename.endsWith('.whl')).map(lockedFile)
  const wheels = files.filter(({ filename }) => filename.endsWith('.whl')).map(lockedFile)
  const index = source.index && withoutUserinfo(source.index)
  return {
    ...shared,
    ...(index && { index }),
    ...(sdist && { sdist }),
    ...(wheels.length > 0 && { wheels }),
  }
}

function isOf({ filename, yanked }: ProjectFile, { candidate }: Pin): boolean {
  const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
  if (parsed?.name !== candidate.name || !parsed.version.equals(candidate.version)) return false
  return yanked === false || (candidate.isYanked ?? false)
}

/** PEP 751 wants a hash for every file. */
function lockedFile({ filename, url, hashes, size, uploadTime }: ProjectFile): LockedFile {
  if (Object.keys(hashes).length === 0) {
    throw new UsageError(
      `the index gives no hash for ${filename}, and a lock needs one`,
      'use an index that gives hashes, or lock into requirements.txt',
    )
  }
  return {
    name: filename,
    url,
    hashes,
    ...(size !== undefined && { size }),
    ...(uploadTime !== undefined && { uploadTime: new Date(uploadTime) }),
  }
}
