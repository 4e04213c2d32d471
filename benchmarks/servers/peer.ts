/** An index that is compared with ours: started on an empty folder, published to, and asked for pages. */

import type { Agent } from 'node:http'
import type { BuiltDistribution } from '@cheeseshop/testing'

export interface Peer {
  /** `pypiserver 2.4.2`. */
  name: string
  /** Throws MissingTool. */
  open(directory: string): Promise<OpenPeer>
}

export interface OpenPeer {
  pid: number
  page(project: string): PageRequest
  publish(file: BuiltDistribution, agent?: Agent): Promise<unknown>
  close(): Promise<void>
}

export interface PageRequest {
  url: string
  headers: Record<string, string>
}
