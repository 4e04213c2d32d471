/** Looks at what a backend made before anyone relies on it. */
import { basename } from 'node:path'
import { InvalidArchive, openFileSource } from '@cheeseshop/archive'
import {
  InvalidSdistFilename,
  InvalidWheelFilename,
  parseSdistFilename,
  readWheel,
} from '@cheeseshop/packaging'
import { BuildError, quoted } from './build-error.ts'
import type { SourceTree } from './source.ts'

/** Returns the METADATA of the wheel. Throws `BuildError` when it is no wheel, or one of something else. */
export async function checkBuiltWheel(
  path: string,
  { expected, label }: SourceTree,
): Promise<Uint8Array> {
  const filename = basename(path)
  const { metadataBytes, filename: parsed } = await readable(filename, async () => {
    await using file = await openFileSource(path)
    return await readWheel(file, filename)
  })
  if (metadataBytes === undefined) throw badResult(filename, 'has no METADATA')
  const { name = parsed.name, version = parsed.version } = expected
  // A local part may be the builder's: "1.0+cu121".
  if (parsed.name === name && parsed.version.public === version.public) return metadataBytes
  throw badResult(filename, `was built from ${label}, which is another project or version`)
}

/** Throws `BuildError` when it has not the name of an sdist. */
export async function checkBuiltSdist(path: string): Promise<void> {
  const filename = basename(path)
  await readable(filename, async () => parseSdistFilename(filename))
}

async function readable<Result>(filename: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const isFault =
      error instanceof InvalidArchive ||
      error instanceof InvalidWheelFilename ||
      error instanceof InvalidSdistFilename
    if (!isFault) throw error
    throw badResult(filename, `cannot be used: ${error.message}`, error)
  }
}

function badResult(filename: string, what: string, cause?: unknown): BuildError {
  return new BuildError('bad-result', `The build made ${quoted(filename)}; it ${what}.`, {
    hint: 'Report it to the project or its build backend.',
    cause,
  })
}
