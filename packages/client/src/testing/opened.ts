/** A client for tests: quick to give up, and with its events kept. */
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import { type Client, openClient } from '../client.ts'
import { ClientError } from '../client-error.ts'
import type { ClientEvent } from '../client-event.ts'
import type { ClientOptions } from '../client-options.ts'

export interface Opened extends Disposable {
  readonly client: Client
  readonly events: ClientEvent[]
}

export const demo = 'demo' as NormalizedName

export function opened(options: ClientOptions): Opened {
  const events: ClientEvent[] = []
  const network = { retries: 2, backoffMs: 1, ...options.network }
  const client = openClient({ onEvent: (event) => events.push(event), ...options, network })
  return { client, events, [Symbol.dispose]: () => client.close() }
}

/** The error of a promise that must reject with a ClientError. */
export async function failure(promise: Promise<unknown>): Promise<ClientError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ClientError) return error
    throw error
  }
  throw new Error('This should have failed.')
}

export function fileAt(url: string, more: Partial<ProjectFile> = {}): ProjectFile {
  const filename = decodeURIComponent(new URL(url).pathname.split('/').at(-1)!)
  return { filename, url, hashes: {}, yanked: false, ...more }
}

/** A page of links in the JSON form. */
export function jsonPage(
  files: readonly string[] = ['demo-1.0.tar.gz'],
  more: object = {},
): string {
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name: 'demo',
    files: files.map((filename) => ({ filename, url: `/files/${filename}`, hashes: {} })),
    ...more,
  })
}
