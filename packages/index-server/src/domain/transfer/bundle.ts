/** One file with everything that requirements need, for a site that has no way to any index. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  chunksOf,
  InvalidArchive,
  readTarZst,
  type TarFile,
  writeTarZst,
} from '@cheeseshop/archive'
import type { StoredBlob } from '../../storage/blob-store.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { sourceName } from '../indexes/files-of-sources.ts'
import type { IndexTree } from '../indexes/index-tree.ts'
import {
  type ResolvedFile,
  resolveFiles,
  type WantedRequirement,
} from '../upstream/resolving/resolve-files.ts'
import type { Target } from '../upstream/resolving/target.ts'
import { importFile, isDistribution, refused } from './import-file.ts'
import { FileRefused, type ImportStep, type ImportTools, stageChunks } from './import-files.ts'

const bundleFormat = 1
const firstUploads = Date.UTC(2000, 0)
const longestManifest = 50_000_000

/** The last member of a bundle: where it is missing, the bundle was cut short. */
interface BundleManifest {
  readonly format: number
  readonly madeAt: string
  readonly requirements: readonly string[]
  readonly targets: readonly string[]
  readonly files: readonly BundledFile[]
}

interface BundledFile {
  readonly filename: string
  readonly project: string
  readonly version: string
  readonly size: number
  readonly sha256: string
  readonly from: string
}

export interface BundlePlan {
  readonly requirements: readonly WantedRequirement[]
  readonly targets: readonly Target[]
  /** Where the bundle is to be; what is there is replaced when it is whole. */
  readonly path: string
}

/** Resolves once for each target and writes each file once. Throws `conflict` where there is no solution. */
export async function writeBundle(
  domain: Domain,
  tree: IndexTree,
  plan: BundlePlan,
): Promise<{ files: number; bytes: number }> {
  const { requirements, targets, path } = plan
  const resolved = await resolveFiles(domain, tree, requirements, targets)
  const manifest = {
    format: bundleFormat,
    madeAt: domain.clock().toISOString(),
    requirements: requirements.map(({ requirement }) => requirement.toString()),
    targets: targets.map(({ name }) => name),
    files: [] as BundledFile[],
  }
  const part = `${path}.part`
  try {
    const members = membersOf(domain, resolved, manifest)
    await pipeline(Readable.from(writeTarZst(members, 1)), createWriteStream(part))
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  const bytes = sum(manifest.files)
  return { files: manifest.files.length, bytes }
}

async function* membersOf(
  domain: Domain,
  resolved: readonly ResolvedFile[],
  manifest: BundleManifest & { files: BundledFile[] },
): AsyncGenerator<TarFile> {
  for (const { name, file } of resolved) {
    await using blob = await openFile(domain, { name, file })
    const { filename, version, uploadedAt } = file
    // Where nobody told it, the member has the date of all members, which no upload is as old as.
    const modified = uploadedAt === undefined ? {} : { modified: new Date(uploadedAt) }
    const hash = createHash('sha256')
    const { size } = blob
    yield { name: `files/${filename}`, size, ...modified, chunks: hashed(chunksOf(blob), hash) }
    const sha256 = hash.digest('hex')
    const from = sourceName(file.source)
    manifest.files.push({ filename, project: name, version, size, sha256, from })
  }
  const text = Buffer.from(JSON.stringify(manifest, null, 2))
  yield { name: 'bundle.json', size: text.length, chunks: [text] }
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

async function openFile(domain: Domain, { name, file }: ResolvedFile): Promise<StoredBlob> {
  const { source, hashes, filename } = file
  if (source.kind === 'upstream') {
    return domain.upstreams.openFile(source.upstream, name, source.file)
  }
  const blob = await domain.blobs.open(hashes['sha256'] ?? '')
  if (blob) return blob
  throw new DomainError('conflict', `The bytes of ${filename} are gone.`)
}

/** Publishes the files of a bundle to an index. All of it is read first: of one that is not whole nothing is published. */
export async function* importBundle(
  domain: Domain,
  identity: Identity,
  { index, path }: { index: number; path: string },
  { isDryRun = false, onBytes }: ImportTools = {},
): AsyncGenerator<ImportStep> {
  const listed = await verifyBundle(path)
  const of = { files: listed.size, bytes: sum([...listed.values()]) }
  for await (const member of filesOf(path)) {
    const { filename, size, modified } = member
    const past = modified.getTime() < firstUploads ? {} : { uploadedAt: modified }
    const blob = await stageChunks(domain, member.chunks, onBytes).catch(orRefusal)
    if (blob instanceof FileRefused) {
      yield { ...refused(filename, blob.message), size, of }
      continue
    }
    if (blob.digests.sha256 !== listed.get(filename)?.sha256) {
      await blob.discard()
      throw broken(`${filename} was changed while it was read`)
    }
    const arrived = { filename, blob, past, isDryRun }
    yield { ...(await importFile(domain, identity, arrived, index)), size, of }
  }
}

/** What it lists, by filename. */
async function verifyBundle(path: string): Promise<ReadonlyMap<string, BundledFile>> {
  const seen = new Map<string, string>()
  let manifest: BundleManifest | undefined
  const keepManifest = (read: BundleManifest) => {
    manifest = read
  }
  for await (const { filename, chunks } of filesOf(path, keepManifest)) {
    const hash = createHash('sha256')
    for await (const chunk of chunks) hash.update(chunk)
    seen.set(filename, hash.digest('hex'))
  }
  const files = manifest?.files ?? []
  const wrong = files.find(({ filename, sha256 }) => seen.get(filename) !== sha256)
  if (wrong) throw broken(`${wrong.filename} is missing or has other bytes than it lists`)
  const listed = new Map(files.map((file) => [file.filename, file]))
  const extra = [...seen.keys()].find((filename) => !listed.has(filename))
  if (extra !== undefined) throw broken(`it does not list ${extra}`)
  return listed
}

interface BundleMember {
  readonly filename: string
  readonly size: number
  readonly modified: Date
  readonly chunks: AsyncIterable<Uint8Array>
}

/** DomainError `invalid` for what is no bundle, also where only its end is missing. */
async function* filesOf(
  path: string,
  onManifest: (manifest: BundleManifest) => void = () => {},
): AsyncGenerator<BundleMember> {
  try {
    for await (const member of readTarZst(createReadStream(path), { ratio: 1000 })) {
      if (member.name === 'bundle.json') {
        onManifest(readManifest(Buffer.from(await member.bytes(longestManifest)).toString()))
        return
      }
      const [folder, filename = '', ...deeper] = member.name.split('/')
      if (folder !== 'files' || deeper.length > 0 || !isDistribution(filename)) {
        throw broken(`${JSON.stringify(member.name)} does not belong in it`)
      }
      yield {
        filename,
        size: member.size,
        modified: member.modified,
        chunks: readable(member.stream()),
      }
    }
  } catch (error) {
    throw orBroken(error)
  }
  throw broken('its end is missing')
}

/** Whoever reads a member hears of it, too. */
async function* readable(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw orBroken(error)
  }
}

function orBroken(error: unknown): unknown {
  return error instanceof InvalidArchive ? broken(error.message) : error
}

function orRefusal(error: unknown): FileRefused {
  if (error instanceof FileRefused) return error
  throw error
}

function sum(files: readonly BundledFile[]): number {
  return files.reduce((bytes, { size }) => bytes + size, 0)
}

function readManifest(text: string): BundleManifest {
  try {
    const manifest = JSON.parse(text) as BundleManifest
    const isList = Array.isArray(manifest.files) && manifest.files.every((file) => file !== null)
    if (manifest.format === bundleFormat && isList) return manifest
  } catch {
    // Said below.
  }
  throw broken('its list of files cannot be read')
}

function broken(what: string): DomainError {
  return new DomainError('invalid', `This is no whole bundle: ${what}.`)
}
