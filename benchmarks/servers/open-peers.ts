/** Starts every index that can be had; what cannot is told, not fatal. */
import { scratchDirectory } from '../prepare/cache-directory.ts'
import { MissingTool } from '../prepare/missing-tool.ts'
import type { OpenPeer, Peer } from './peer.ts'

export interface OpenPeers extends AsyncDisposable {
  open: Map<string, OpenPeer>
  /** Sentences that say what to install. */
  missing: string[]
}

/** Each on an empty folder of its own. */
export async function openPeers(peers: readonly Peer[], scenario: string): Promise<OpenPeers> {
  const open = new Map<string, OpenPeer>()
  const missing: string[] = []
  const close = async () => {
    for (const peer of open.values()) await peer.close()
  }
  try {
    for (const peer of peers) {
      const opened = await peer.open(scratchDirectory(scenario)).catch((error) => {
        if (!(error instanceof MissingTool)) throw error
        missing.push(error.message)
      })
      if (opened) open.set(peer.name, opened)
    }
  } catch (error) {
    await close()
    throw error
  }
  return { open, missing, [Symbol.asyncDispose]: close }
}

export function pidsOf({ open }: OpenPeers): number[] {
  return [...open.values()].map((peer) => peer.pid)
}
