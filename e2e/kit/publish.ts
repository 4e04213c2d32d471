/** Puts files onto a server before a test begins, with the real uv. */
import assert from 'node:assert/strict'
import type { RunningServer } from './server.ts'
import type { Workplace } from './workplace.ts'

/** What the builders of the test kit return. */
export type Built = { build(): { filename: string; bytes: Uint8Array } }

/** Writes the distributions into `dist/` of the workplace and returns their paths. */
export async function writeDistributions(
  workplace: Workplace,
  distributions: Built[],
  folder = 'dist',
): Promise<string[]> {
  const built = distributions.map((each) => each.build())
  return Promise.all(built.map((file) => workplace.write(`${folder}/${file.filename}`, file.bytes)))
}

export async function publish(
  workplace: Workplace,
  server: RunningServer,
  distributions: Built[],
): Promise<void> {
  await publishPaths(workplace, server, await writeDistributions(workplace, distributions))
}

export async function publishPaths(
  workplace: Workplace,
  server: RunningServer,
  paths: string[],
): Promise<void> {
  const args = ['publish', '--publish-url', server.uploadUrl, '--token', server.token, ...paths]
  const { code, output } = await workplace.run('uv', ['uv', ...args])
  assert.equal(code, 0, output)
}
