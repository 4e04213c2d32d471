/** Looks at a wheel or sdist as an index will, before anything is sent. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type ArchiveProblem,
  type ArchiveProblemCode,
  type ByteSource,
  checkTarGz,
  checkZip,
  InvalidArchive,
  openFileSource,
} from '@cheeseshop/archive'
import {
  type CoreMetadata,
  checkWheelRecord,
  InvalidSdistFilename,
  InvalidWheelFilename,
  type NormalizedName,
  parseSdistFilename,
  parseWheelFilename,
  type ReadMetadata,
  readSdist,
  readWheel,
  uploadRules,
  validateMetadata,
} from '@cheeseshop/packaging'

import { checkReadme } from './check-readme.ts'

export interface CheckedDistribution {
  readonly path: string
  readonly filename: string
  /** Bytes. */
  readonly size: number
  readonly kind: 'wheel' | 'sdist'
  /** Undefined when the filename cannot be read. */
  readonly name?: NormalizedName
  readonly sha256: string
  /** Undefined when it cannot be read. */
  readonly metadata?: CoreMetadata
  /** Reasons for an index to refuse it, as sentences. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

interface Findings {
  readonly name?: NormalizedName
  readonly metadata?: CoreMetadata
  readonly errors: string[]
  readonly warnings: string[]
}

/** Faults of the file are told and never thrown; that it cannot be opened is thrown. */
export async function checkDistribution(path: string): Promise<CheckedDistribution> {
  const filename = basename(path)
  const kind = filename.endsWith('.whl') ? 'wheel' : 'sdist'
  const [sha256, findings] = await Promise.all([digest(path), inspect(path, filename, kind)])
  return { path, filename, kind, size: statSync(path).size, sha256, ...findings }
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

async function inspect(path: string, filename: string, kind: 'wheel' | 'sdist'): Promise<Findings> {
  await using source = await openFileSource(path)
  const found: Findings = { errors: [], warnings: [] }
  try {
    const { name } = kind === 'wheel' ? parseWheelFilename(filename) : parseSdistFilename(filename)
    await checkFraming(source, filename, found)
    if (found.errors.length > 0) return { ...found, name }
    const read = await (kind === 'wheel' ? readWheelParts : readSdistParts)(source, filename, found)
    for (const { field, message } of validateMetadata(read, { rules: uploadRules() })) {
      found.errors.push(message.startsWith(field) ? message : `${field}: ${message}`)
    }
    found.warnings.push(...checkReadme(read.metadata))
    return { ...found, name, metadata: read.metadata }
  } catch (error) {
    if (!isFault(error)) throw error
    return { ...found, errors: [...found.errors, error.message] }
  }
}

function isFault(error: unknown): error is Error {
  const kinds = [InvalidArchive, InvalidWheelFilename, InvalidSdistFilename]
  return kinds.some((kind) => error instanceof kind)
}

/** Unclean, but read in one way by all, and taken by indexes. */
const tolerated: ReadonlySet<string> = new Set<ArchiveProblemCode>([
  'case-collision',
  'no-end-marker',
  'type-mismatch',
  'unknown-flags',
])

async function checkFraming(source: ByteSource, filename: string, to: Findings): Promise<void> {
  const isZip = !filename.endsWith('.tar.gz')
  const problems = await (isZip ? checkZip(source) : checkTarGz(source))
  for (const problem of problems) {
    const list = tolerated.has(problem.code) ? to.warnings : to.errors
    list.push(describe(problem))
  }
}

async function readWheelParts(
  source: ByteSource,
  filename: string,
  to: Findings,
): Promise<ReadMetadata> {
  const wheel = await readWheel(source, filename)
  sort([...wheel.problems, ...(await checkWheelRecord(wheel, { hashes: true }))], to)
  return wheel.readMetadata
}

async function readSdistParts(
  source: ByteSource,
  filename: string,
  to: Findings,
): Promise<ReadMetadata> {
  const { problems, readMetadata } = await readSdist(source, filename)
  sort(problems, to)
  return readMetadata
}

interface Problem extends Pick<ArchiveProblem, 'message' | 'entry'> {
  readonly severity: 'error' | 'warning'
}

function sort(problems: readonly Problem[], to: Findings): void {
  for (const problem of problems) {
    const list = problem.severity === 'error' ? to.errors : to.warnings
    list.push(describe(problem))
  }
}

function describe({ message, entry }: Pick<ArchiveProblem, 'message' | 'entry'>): string {
  return entry === undefined || message.includes(entry) ? message : `${message} (${entry})`
}
