/** A file on its way from an upstream: fetched once, read by all who want it while it comes, kept only when it is right. */
import type { Downloaded, DownloadSink } from '@cheeseshop/client'
import { ClientError } from '@cheeseshop/client'
import type { BlobWriter, StagedBlob } from '../../storage/blob-store.ts'

export interface ArrivalWork {
  stage(): Promise<BlobWriter>
  /** Rejects unless all bytes came and have the digests that were promised. */
  download(sink: DownloadSink, onProgress: (total: number | undefined) => void): Promise<Downloaded>
  /** Makes the verified bytes durable and names them. */
  keep(staged: StagedBlob, downloaded: Downloaded): Promise<void>
  /** Called when it has ended, one way or the other. */
  ended(): void
}

/** Pieces that stay in memory for those who come after. */
const MOST_PIECES = 64

/** What can be read of it just now. */
type Bytes = Pick<BlobWriter, 'read'>

export class Arrival {
  /** Resolves with the size of the file once that is known. */
  readonly begun: Promise<number>
  /** Resolves when the file is verified and kept. */
  readonly kept: Promise<void>
  readonly #work: ArrivalWork
  readonly #begin = Promise.withResolvers<number>()
  readonly #ending = new AbortController()
  readonly #pieces = new Map<string, Promise<Uint8Array>>()
  #waiting: { end: number; resolve: () => void }[] = []
  #received = 0
  #readers = 0
  #total: number | undefined
  #bytes: Bytes | undefined
  #isOver = false
  #discard: (() => Promise<void>) | undefined

  constructor(work: ArrivalWork) {
    this.#work = work
    this.begun = this.#begin.promise
    this.kept = this.#run()
    // Those who wait for either hear of it; nobody may be waiting.
    this.begun.catch(() => {})
    this.kept.catch(() => {})
  }

  /** Each reader says when it ends; without readers there is no reason to go on. */
  join(): void {
    this.#readers += 1
  }

  async leave(): Promise<void> {
    this.#readers -= 1
    if (this.#readers > 0) return
    if (this.#isOver) await this.#discardOnce()
    else this.#ending.abort()
  }

  /** It was ended because nobody wanted it, not by a failure. */
  get isAbandoned(): boolean {
    return this.#ending.signal.aborted
  }

  /** Waits until the bytes are there. The last ones are given out only when all of them are known to be right. */
  async read(start: number, end: number): Promise<Uint8Array> {
    const total = await this.begun
    const wanted = Math.min(end, total)
    if (wanted >= total) await this.kept
    else await this.#arrived(wanted)
    return this.#readOnce(start, wanted)
  }

  /** Readers that came together ask for the same pieces, and get the same bytes: a crowd takes no more memory than one. */
  #readOnce(start: number, end: number): Promise<Uint8Array> {
    const key = `${start}-${end}`
    const known = this.#pieces.get(key)
    if (known) return known
    const piece = this.#bytes!.read(start, end)
    this.#pieces.set(key, piece)
    const [oldest] = this.#pieces.keys()
    if (this.#pieces.size > MOST_PIECES && oldest !== undefined) this.#pieces.delete(oldest)
    return piece
  }

  async #arrived(end: number): Promise<void> {
    while (this.#received < end && !this.#isOver) {
      await new Promise<void>((resolve) => this.#waiting.push({ end, resolve }))
    }
    if (this.#received < end) await this.kept
  }

  async #run(): Promise<void> {
    let writer: BlobWriter | undefined
    try {
      writer = await this.#work.stage()
      this.#bytes = writer
      const downloaded = await this.#work.download(this.#sink(writer), (total) => {
        if (total !== undefined) this.#setTotal(total)
      })
      const staged = await writer.finish()
      this.#bytes = staged
      this.#discard = () => staged.discard()
      await this.#work.keep(staged, downloaded)
      this.#isOver = true
      this.#setTotal(downloaded.size)
      this.#wake(Number.POSITIVE_INFINITY)
    } catch (error) {
      this.#isOver = true
      this.#wake(Number.POSITIVE_INFINITY)
      this.#begin.reject(error)
      throw error
    } finally {
      this.#work.ended()
      if (this.#discard === undefined) await writer?.discard()
      else if (this.#readers <= 0) await this.#discardOnce()
    }
  }

  /** After a break the upstream may send all again: it must be the same bytes, for some of them are with readers. */
  #sink(writer: BlobWriter): DownloadSink {
    let position = 0
    return {
      signal: this.#ending.signal,
      restart: () => {
        position = 0
      },
      write: async (chunk) => {
        const known = Math.min(chunk.length, writer.size - position)
        if (known > 0) await requireSame(writer, position, chunk.subarray(0, known))
        position += chunk.length
        if (known < chunk.length) await writer.write(chunk.subarray(Math.max(0, known)))
        this.#received = writer.size
        this.#wake(writer.size)
      },
    }
  }

  #setTotal(total: number): void {
    this.#total ??= total
    this.#begin.resolve(this.#total)
  }

  #wake(received: number): void {
    const ready = this.#waiting.filter(({ end }) => end <= received)
    if (ready.length === 0) return
    this.#waiting = this.#waiting.filter(({ end }) => end > received)
    for (const { resolve } of ready) resolve()
  }

  async #discardOnce(): Promise<void> {
    const discard = this.#discard
    this.#discard = async () => {}
    await discard?.()
  }
}

async function requireSame(writer: Bytes, start: number, chunk: Uint8Array): Promise<void> {
  const before = await writer.read(start, start + chunk.length)
  if (Buffer.compare(before, chunk) === 0) return
  throw new ClientError(
    'digest-mismatch',
    'The upstream sent other bytes when it was asked again.',
    {
      url: '',
    },
  )
}
