/** Imports the distributions in a folder and below it: a wheelhouse, a pypiserver's folder, an unpacked bundle. */
import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { isDistribution } from './import-file.ts'
import { type ImportStep, type ImportTools, importFiles, type WaitingFile } from './import-files.ts'
import { digestOfLocalFile, localFileFacts, readLocalFile } from './local-file.ts'

export interface FolderImport {
  /** The id of the index. */
  readonly index: number
  readonly folder: string
  /** The times of the files are when they were uploaded, as in the folder of a pypiserver. */
  readonly keepsTimes?: boolean
}

/** One by one, in the order of their names. */
export async function* importFolder(
  domain: Domain,
  identity: Identity,
  wanted: FolderImport,
  tools?: ImportTools,
): AsyncGenerator<ImportStep> {
  const files: WaitingFile[] = []
  for (const path of await distributionsIn(wanted.folder)) files.push(await waiting(wanted, path))
  const bytes = files.reduce((sum, { size = 0 }) => sum + size, 0)
  const of = { files: files.length, bytes }
  for await (const step of importFiles(domain, identity, files, tools)) yield { ...step, of }
}

/** Links are not followed: they may lead out of the folder. */
async function distributionsIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && isDistribution(entry.name))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
  } catch (error) {
    throw new DomainError('invalid', `${folder} cannot be read: ${(error as Error).message}`)
  }
}

async function waiting(
  { folder, index, keepsTimes = false }: FolderImport,
  path: string,
): Promise<WaitingFile> {
  const facts = await localFileFacts(folder, path).catch(() => undefined)
  return {
    filename: basename(path),
    index,
    isLocal: true,
    ...(facts && { size: facts.size }),
    ...(facts && keepsTimes && { past: { uploadedAt: facts.mtime } }),
    digest: () => digestOfLocalFile(folder, path),
    chunks: () => readLocalFile(folder, path),
  }
}
