/** Imports the distributions in a folder and below it: a wheelhouse, a pypiserver's folder, an unpacked bundle. */
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { StagedBlob } from '../../storage/blob-store.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { type ImportedFile, importFile, isDistribution } from './import-file.ts'

export interface FolderImport {
  /** The id of the index. */
  readonly index: number
  readonly folder: string
}

/**
 * One by one, in the order of their names. What is there already, with the same bytes, is left as it is; so an import
 * that was cut short goes on where it was when it is called again.
 */
export async function* importFolder(
  domain: Domain,
  identity: Identity,
  { index, folder }: FolderImport,
): AsyncGenerator<ImportedFile & { at: number; of: number }> {
  const paths = await distributionsIn(folder)
  for (const [at, path] of paths.entries()) {
    const blob = await stageFile(domain, path)
    const imported = await importFile(domain, identity, { filename: basename(path), blob }, index)
    yield { ...imported, at: at + 1, of: paths.length }
  }
}

/** Links are not followed: they may lead out of the folder. */
async function distributionsIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && isDistribution(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
  } catch (error) {
    throw new DomainError('invalid', `${folder} cannot be read: ${(error as Error).message}`)
  }
}

async function stageFile({ blobs }: Domain, path: string): Promise<StagedBlob> {
  await using writer = await blobs.stage()
  for await (const chunk of createReadStream(path)) await writer.write(chunk)
  return await writer.finish()
}
