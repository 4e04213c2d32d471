/** The files of upstreams: from our blobs when they are here, else streamed through while they are verified and kept. */
import { readWheelMetadata } from '@cheeseshop/client'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Tx } from '../../database/database.ts'
import { enqueue } from '../../jobs/queue.ts'
import type { StagedBlob, StoredBlob } from '../../storage/blob-store.ts'
import { stageBytes } from '../../storage/blob-store.ts'
import { keepBlobs } from '../keep-blobs.ts'
import { Arrival } from './arrival.ts'
import { evictFilesType } from './cache/evict-files.ts'
import { connectionTo, type Engine } from './engine.ts'
import { fetchFailure } from './fetch-failure.ts'
import {
  type FileKey,
  findHeldFile,
  type Holding,
  holdFile,
  isHeld,
  noteUse,
} from './held-files.ts'
import { type KeptFile, projectFileOf } from './kept-page.ts'
import { touchProject } from './kept-projects.ts'
import { inLease, type Lease, seenFromOthers } from './lease.ts'
import { leaveRoom, makeRoomFor } from './room.ts'
import type { Upstream } from './upstreams.ts'

const HOUR_MS = 3_600_000
/** A file of this size is verified before the first byte is sent, so that a wrong one has a status of its own. */
const SMALL = 256 * 1024
/** Small, for a crowd may be waiting for the same file, each with a piece on its way to a socket. */
const PIECE = 64 * 1024
/** How much of the room for files may come in before it is looked whether all of them still fit. */
const UNWEIGHED = 0.05
const METADATA_LIMIT = 16 * 2 ** 20

export interface WantedFile {
  readonly upstream: Upstream
  readonly name: NormalizedName
  readonly file: KeptFile
}

export class Files {
  readonly #engine: Engine
  readonly #arrivals = new Map<string, Arrival>()
  readonly #background = new Set<Promise<unknown>>()
  #unweighed = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async open(wanted: WantedFile): Promise<StoredBlob> {
    const held = (await this.openHeld(wanted)) ?? (await this.#seenFromOthers(wanted))
    if (held) return held
    const isFirst = !this.#arrivals.has(JSON.stringify(keyOf(wanted)))
    if (isFirst) await makeRoomFor(this.#engine, wanted.file)
    const arrival = this.#arrivalOf(wanted)
    arrival.join()
    try {
      const size = await arrival.begun
      if (isFirst && wanted.file.size === undefined) {
        await makeRoomFor(this.#engine, { ...wanted.file, size })
      }
      if (size <= SMALL) await arrival.kept
      return arrivingBlob(arrival, size, this.#engine.clock())
    } catch (error) {
      await arrival.leave()
      throw fetchFailure(wanted, error)
    }
  }

  /** Undefined when its bytes are not here. */
  async openHeld(wanted: WantedFile): Promise<StoredBlob | undefined> {
    const { db, blobs, clock } = this.#engine
    const key = keyOf(wanted)
    const held = await findHeldFile(db, key)
    if (!isHeld(wanted.file, held)) return undefined
    const now = clock()
    if (now.getTime() - Date.parse(held.lastUsedAt) > HOUR_MS) {
      this.#behindTheScenes(wanted, noteUse(db, key, now))
    }
    return blobs.open(held.sha256)
  }

  /** Waits for what goes on behind the scenes, so that closing the database is safe. */
  async settled(): Promise<void> {
    const arrivals = [...this.#arrivals.values()].map(({ kept }) => kept)
    await Promise.allSettled([...arrivals, ...this.#background])
  }

  #behindTheScenes(wanted: WantedFile, work: Promise<unknown>): void {
    const done = work
      .catch((error) => this.#report(wanted, error))
      .finally(() => this.#background.delete(done))
    this.#background.add(done)
  }

  #report({ upstream, file }: WantedFile, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#engine.report({ upstream: upstream.name, wanted: file.filename, error: message })
  }

  /** A file that another process fetches is worth a short wait; a large one is then fetched twice rather than late. */
  async #seenFromOthers(wanted: WantedFile): Promise<StoredBlob | undefined> {
    if (this.#arrivals.has(JSON.stringify(keyOf(wanted)))) return undefined
    return seenFromOthers(this.#leaseOf(wanted, this.#engine.patience.wait), () =>
      this.openHeld(wanted),
    )
  }

  #leaseOf({ upstream, file }: WantedFile, patience: number): Lease {
    return { db: this.#engine.db, upstreamId: upstream.id, wanted: file.filename, patience }
  }

  #arrivalOf(wanted: WantedFile): Arrival {
    const key = JSON.stringify(keyOf(wanted))
    const underWay = this.#arrivals.get(key)
    if (underWay && !underWay.isAbandoned) return underWay
    const { client, outage } = connectionTo(this.#engine, wanted.upstream, wanted.file)
    const arrival: Arrival = new Arrival({
      stage: () => this.#engine.blobs.stage(),
      download: (sink, onTotal) =>
        inLease(
          this.#leaseOf(wanted, 0),
          () => client.download(projectFileOf(wanted.file), sink, (_, total) => onTotal(total)),
          async () => undefined,
        ),
      keep: async (staged, { lastModified }) => {
        outage.worked()
        await this.#keep(wanted, staged, lastModified)
      },
      ended: () => {
        if (this.#arrivals.get(key) === arrival) this.#arrivals.delete(key)
      },
    })
    this.#arrivals.set(key, arrival)
    arrival.kept.catch((error) => {
      if (arrival.isAbandoned || this.#engine.ending.signal.aborted) return
      outage.failed(error, this.#engine.clock().getTime())
      this.#report(wanted, error)
    })
    return arrival
  }

  async #keep(wanted: WantedFile, staged: StagedBlob, lastModified?: string): Promise<void> {
    const { clock } = this.#engine
    if (!(await leaveRoom(this.#engine))) {
      this.#report(
        wanted,
        'It was passed on and not kept, as the disk is nearly full (the setting cache-min-free).',
      )
      return
    }
    const key = keyOf(wanted)
    const bytes = await readOwnMetadata(wanted.file, staged)
    await using metadata = bytes && (await stageBytes(this.#engine.blobs, bytes))
    const time = Date.parse(lastModified ?? '')
    const holding: Holding = {
      sha256: staged.digests.sha256,
      size: staged.size,
      ...(metadata && { metadataSha256: metadata.digests.sha256, metadataSize: metadata.size }),
      ...(!Number.isNaN(time) && { lastModified: new Date(time).toISOString() }),
    }
    await keepBlobs(this.#engine, metadata ? [staged, metadata] : [staged], async (tx) => {
      await holdFile(tx, key, holding, clock())
      await touchProject(tx, key)
      await this.#weigh(tx, staged.size)
    })
  }

  /** Anybody can ask for any file, so that in the hour from one eviction to the next the disk could be full. */
  async #weigh(tx: Tx, bytes: number): Promise<void> {
    const { cacheSize, clock } = this.#engine
    if (cacheSize === undefined) return
    this.#unweighed += bytes
    if (this.#unweighed <= cacheSize * UNWEIGHED) return
    await enqueue(tx, { type: evictFilesType, uniqueKey: evictFilesType, now: clock() })
    this.#unweighed = 0
  }
}

export function keyOf({ upstream, name, file }: WantedFile): FileKey {
  return { upstreamId: upstream.id, name, filename: file.filename }
}

/** PEP 658 for wheels whose index does not do it; a wheel that cannot be read is served all the same. */
async function readOwnMetadata(
  file: KeptFile,
  staged: StagedBlob,
): Promise<Uint8Array | undefined> {
  if (file.kind !== 'bdist_wheel' || file.hasMetadata) return undefined
  try {
    return await readWheelMetadata(staged, projectFileOf(file), METADATA_LIMIT)
  } catch {
    return undefined
  }
}

function arrivingBlob(arrival: Arrival, size: number, storedAt: Date): StoredBlob {
  let isOpen = true
  return {
    size,
    storedAt,
    pieceSize: PIECE,
    read: (start, end) => arrival.read(start, end),
    async [Symbol.asyncDispose]() {
      if (isOpen) await arrival.leave()
      isOpen = false
    },
  }
}
