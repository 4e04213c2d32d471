/** The core metadata of upstream files: what the upstream serves, verified, or what the wheel itself says. */
import { type Client, ClientError, readWheelMetadata } from '@cheeseshop/client'
import { type StoredBlob, stageBytes } from '../../storage/blob-store.ts'
import { DomainError } from '../errors.ts'
import { keepBlobs } from '../keep-blobs.ts'
import { connectionTo, type Engine } from './engine.ts'
import { fetchFailure } from './fetch-failure.ts'
import { type Files, keyOf, type WantedFile } from './files.ts'
import { findHeldFile, type HeldFile, holdFile, isHeld } from './held-files.ts'
import { type KeptFile, projectFileOf } from './kept-page.ts'
import { touchProject } from './kept-projects.ts'

const METADATA_LIMIT = 16 * 2 ** 20

export class FileMetadata {
  readonly #engine: Engine
  readonly #files: Files
  readonly #underWay = new Map<string, Promise<string>>()

  constructor(engine: Engine, files: Files) {
    this.#engine = engine
    this.#files = files
  }

  async open(wanted: WantedFile): Promise<StoredBlob> {
    const { db, blobs } = this.#engine
    const held = await findHeldFile(db, keyOf(wanted))
    const digest = held && heldMetadata(wanted.file, held)
    const stored = digest && (await blobs.open(digest))
    if (stored) return stored
    const blob = await blobs.open(await this.#fetchOnce(wanted))
    if (blob) return blob
    throw new Error(
      `The metadata of ${wanted.file.filename} was swept away as soon as it was kept.`,
    )
  }

  /** The digest it is stored under. */
  #fetchOnce(wanted: WantedFile): Promise<string> {
    const key = JSON.stringify(keyOf(wanted))
    const underWay = this.#underWay.get(key)
    if (underWay) return underWay
    const fetching = this.#fetch(wanted).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, fetching)
    return fetching
  }

  async #fetch(wanted: WantedFile): Promise<string> {
    const bytes = await this.#read(wanted)
    await using staged = await stageBytes(this.#engine.blobs, bytes)
    const { sha256 } = staged.digests
    const key = keyOf(wanted)
    const wasPromised = wanted.file.hasMetadata !== false
    await keepBlobs(this.#engine, [staged], async (tx) => {
      const holding = { metadataSha256: sha256, metadataSize: staged.size }
      await holdFile(tx, key, holding, this.#engine.clock())
      // The page says more from now on.
      if (!wasPromised) await touchProject(tx, key)
    })
    return sha256
  }

  async #read(wanted: WantedFile): Promise<Uint8Array> {
    const own = await this.#readHeld(wanted)
    if (own) return own
    const { client, outage } = connectionTo(this.#engine, wanted.upstream, wanted.file)
    try {
      const bytes = (await readServed(client, wanted)) ?? (await this.#synthesise(client, wanted))
      outage.worked()
      return bytes
    } catch (error) {
      outage.failed(error, this.#engine.clock().getTime())
      throw fetchFailure(wanted, error)
    }
  }

  /** Only where no digest says that the upstream's has other bytes. */
  async #readHeld(wanted: WantedFile): Promise<Uint8Array | undefined> {
    if (wanted.file.kind !== 'bdist_wheel' || wanted.file.hasMetadata) return undefined
    const blob = await this.#files.openHeld(wanted)
    if (blob === undefined) return undefined
    await using source = blob
    return await readWheelMetadata(source, projectFileOf(wanted.file), METADATA_LIMIT)
  }

  /** By ranges, or out of the whole wheel where the upstream has none; then the wheel is kept too. */
  async #synthesise(client: Client, wanted: WantedFile): Promise<Uint8Array> {
    const { filename, kind } = wanted.file
    if (kind !== 'bdist_wheel') {
      throw new DomainError('not-found', `There is no metadata beside ${filename}.`)
    }
    const file = projectFileOf(wanted.file)
    const ranged = await client.metadataBy('ranges', file)
    if (ranged) return ranged
    await using blob = await this.#files.open(wanted)
    return await readWheelMetadata(blob, file, METADATA_LIMIT)
  }
}

/** What is kept, unless the page promises another by now. */
function heldMetadata({ hasMetadata, ...file }: KeptFile, held: HeldFile): string | undefined {
  const promised = typeof hasMetadata === 'object' ? hasMetadata['sha256'] : undefined
  const isSame = promised === undefined || promised === held.metadataSha256
  const isOfFile = held.sha256 === undefined || isHeld({ ...file, hasMetadata }, held)
  return isSame && isOfFile ? held.metadataSha256 : undefined
}

/** Undefined when it is not promised, or promised and not there. */
async function readServed(client: Client, wanted: WantedFile): Promise<Uint8Array | undefined> {
  try {
    return await client.metadataBy('served', projectFileOf(wanted.file))
  } catch (error) {
    // What comes with a wrong digest may still be had from the wheel, whose metadata is what counts.
    const isWrong = error instanceof ClientError && error.code === 'digest-mismatch'
    if (isWrong && wanted.file.kind === 'bdist_wheel') return undefined
    throw error
  }
}
