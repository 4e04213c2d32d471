/** Leaves room on the disk for uploads: for it files of upstreams go, and are passed on without being kept. */
import { evictBytes, heldBytes } from './cache/evict-files.ts'
import type { Engine } from './engine.ts'
import { UpstreamUnavailable } from './upstreams.ts'

type Storing = Pick<Engine, 'db' | 'blobs' | 'clock' | 'minFree'>

const RETRY_S = 60

/** Before a file is fetched. UpstreamUnavailable where it would not even fit while it is passed on. */
export async function makeRoomFor(
  engine: Storing,
  { filename, size = 0 }: { filename: string; size?: number },
): Promise<void> {
  const before = await engine.blobs.freeBytes()
  // Nobody empties the cache by asking for what would not fit even then.
  const isHopeless = before < size && before + (await heldBytes(engine)) < size
  if (!isHopeless) await leaveRoom(engine, size)
  const free = await engine.blobs.freeBytes()
  if (free >= size) return
  throw new UpstreamUnavailable(
    `There is no room for ${filename}: it has ${size} bytes, and the disk of this server has ${free} left. Tell its administrator.`,
    RETRY_S,
  )
}

/** Whether the least that is to stay free is free beside so many bytes, when what is not pinned and least used has gone. */
export async function leaveRoom(engine: Storing, bytes = 0): Promise<boolean> {
  const { blobs, minFree } = engine
  if (minFree === undefined) return true
  const missing = minFree + bytes - (await blobs.freeBytes())
  if (missing <= 0) return true
  await evictBytes(engine, missing)
  return (await blobs.freeBytes()) >= minFree + bytes
}
