/** Imports an export of devpi: its users, its indexes with what they read, and every release file with its history. */
import type { Domain } from '../../domain.ts'
import type { Identity } from '../../identity.ts'
import { refused } from '../import-file.ts'
import {
  type ImportStep,
  type ImportTools,
  type ImportTotal,
  importFiles,
  type WaitingFile,
} from '../import-files.ts'
import { localFileFacts, readLocalFile } from '../local-file.ts'
import { type DevpiFile, readDevpiExport } from './devpi-export.ts'
import { makeIndex } from './make-index.ts'
import { makeUsers, type Users } from './make-users.ts'
import { type PlacedIndex, placeIndexes } from './place-indexes.ts'
import { tellWhatIsLeft } from './tell-what-is-left.ts'

export interface DevpiImport {
  /** What `devpi-export` wrote. */
  readonly folder: string
  /** Indexes of devpi, each with the path it gets here. Empty: all, under their own names. */
  readonly places: ReadonlyMap<string, string>
}

/** What is here already is left as it is: users, indexes with who may do what, files. */
export async function* importDevpi(
  domain: Domain,
  identity: Identity,
  { folder, places }: DevpiImport,
  tools: ImportTools = {},
): AsyncGenerator<ImportStep> {
  const found = await readDevpiExport(folder)
  const placed = placeIndexes(found, places, tools)
  const users = await makeUsers(domain, identity, found.users, tools)
  const of = await measure(folder, placed)
  const here: string[] = []
  for (const index of placed) {
    const made = await makeIndex({ domain, identity, users, placed, tools }, index)
    if ('wasHere' in made) here.push(index.path)
    if ('refusal' in made) {
      yield { ...refused(index.devpi.name, made.refusal), size: 0, of }
    } else if (!index.devpi.isMirror) {
      const files = waitingFiles({ folder, index: made.id, users }, index.devpi.files)
      for await (const step of importFiles(domain, identity, files, tools)) yield { ...step, of }
    }
  }
  if (here.length > 0) tools.onRemark?.(`Here already, and left as they are: ${here.join(', ')}.`)
  tellWhatIsLeft(found, placed, tools)
}

async function measure(folder: string, placed: readonly PlacedIndex[]): Promise<ImportTotal> {
  const total = { files: 0, bytes: 0 }
  for (const { devpi } of placed) {
    for (const { path } of devpi.isMirror ? [] : devpi.files) {
      const facts = await localFileFacts(folder, path).catch(() => undefined)
      total.files++
      total.bytes += facts?.size ?? 0
    }
  }
  return total
}

interface Place {
  readonly folder: string
  /** The id of the index. */
  readonly index: number
  readonly users: Users
}

async function* waitingFiles(
  place: Place,
  files: readonly DevpiFile[],
): AsyncGenerator<WaitingFile> {
  for (const file of files) {
    const facts = await localFileFacts(place.folder, file.path).catch(() => undefined)
    yield { ...waitingFile(place, file), ...(facts && { size: facts.size }) }
  }
}

function waitingFile({ folder, index, users }: Place, file: DevpiFile): WaitingFile {
  const { path, filename, sha256, uploadedAt, uploader } = file
  const uploadedBy = uploader === undefined ? undefined : users.find(uploader)?.id
  return {
    filename,
    index,
    isLocal: true,
    ...(sha256 !== undefined && { sha256 }),
    past: {
      ...(uploadedAt && { uploadedAt }),
      ...(uploadedBy !== undefined && { uploadedBy }),
    },
    chunks: () => readLocalFile(folder, path),
  }
}
