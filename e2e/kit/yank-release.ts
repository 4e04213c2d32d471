/** Yanks as the owner of a project would: over the JSON API, with a token that may manage. */
import assert from 'node:assert/strict'
import type { RunningServer } from './server.ts'

export type YankedRelease = { project: string; version: string; reason: string }

export async function yankRelease(server: RunningServer, release: YankedRelease): Promise<void> {
  const token = await server.createToken('manage')
  const { project, version, reason } = release
  const path = `api/v1/projects/${project}/releases/${version}/yank`
  const response = await fetch(new URL(path, server.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason }),
  })
  assert.equal(response.status, 200, await response.text())
}
