/** What every program that builds and publishes a project must get from the index. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import type { CommandResult } from '../../tools/run-command.ts'
import type { RunningServer } from './server.ts'
import type { Workplace } from './workplace.ts'

export type PublishingClient = {
  project: string
  /** What the program's own documentation says to put into `[build-system]`. */
  backend: { requires: string; name: string }
  /** Both run in the folder of the project. */
  build(cwd: string): Promise<CommandResult>
  publish(cwd: string): Promise<CommandResult>
}

/** Publishes, publishes the same again, then other content under the same names. */
export async function assertPublishes(
  desk: Workplace,
  server: RunningServer,
  client: PublishingClient,
): Promise<void> {
  const cwd = desk.join(client.project)
  await writeProject(desk, client)
  await mustSucceed(client.build(cwd))
  const names = (await readdir(`${cwd}/dist`)).filter((name) => /\.(whl|gz)$/.test(name)).sort()
  assert.equal(names.length, 2, names.join())
  await mustSucceed(client.publish(cwd))
  assert.deepEqual(await listedFiles(server, client.project), names)
  await mustSucceed(client.publish(cwd))

  await writeProject(desk, client, 'changed = True\n')
  await mustSucceed(client.build(cwd))
  const refused = await client.publish(cwd)
  assert.notEqual(refused.code, 0, refused.output)
  assert.match(refused.output, /File already exists/)
}

async function writeProject(
  desk: Workplace,
  { project, backend }: PublishingClient,
  more = '',
): Promise<void> {
  const table = [
    '[project]',
    `name = "${project}"`,
    'version = "1.0"',
    'description = "A project made for a test"',
    'requires-python = ">=3.8"',
    'authors = [{ name = "Ada", email = "ada@example.org" }]',
    '[build-system]',
    `requires = ["${backend.requires}"]`,
    `build-backend = "${backend.name}"`,
  ]
  const module = project.replaceAll('-', '_')
  await desk.write(`${project}/pyproject.toml`, `${table.join('\n')}\n`)
  await desk.write(`${project}/${module}/__init__.py`, `"""Made for a test."""\n${more}`)
}

async function listedFiles(server: RunningServer, project: string): Promise<string[]> {
  const headers = { accept: 'application/vnd.pypi.simple.v1+json' }
  const page = await fetch(`${server.simpleUrl}${project}/`, { headers })
  const { files } = (await page.json()) as { files: { filename: string }[] }
  return files.map(({ filename }) => filename).sort()
}

export async function mustSucceed(run: Promise<CommandResult>): Promise<CommandResult> {
  const result = await run
  assert.equal(result.code, 0, result.output)
  return result
}
