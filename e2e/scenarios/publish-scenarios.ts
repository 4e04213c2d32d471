/** Puts the projects of all scenarios onto one server: each scenario has names of its own. */
import assert from 'node:assert/strict'
import { normalizeName, parseRequirement, Requirement } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import type { Scenario, ScenarioRelease } from '../../packages/resolver/src/testing/scenario.ts'
import type { RunningServer } from '../kit/server.ts'

type Built = ReturnType<ReturnType<typeof wheel>['build']>

/** `s007-a` for `a` of the seventh scenario: alphabetical order stays. */
export function nameIn(prefix: string, name: string): string {
  return `${prefix}-${normalizeName(name)}`
}

export function requirementIn(prefix: string, text: string): Requirement {
  const { name, extras, specifier, url, marker } = parseRequirement(text)
  return new Requirement({ name: nameIn(prefix, name), extras, specifier, url, marker })
}

/**
 * Uploads as any client would, several at once, then yanks what a scenario wants yanked. Returns the wheels that were
 * refused: as the public index, ours takes none for systems without a standard for what they offer.
 */
export async function publishScenarios(
  server: RunningServer,
  scenarios: ReadonlyMap<string, Scenario>,
): Promise<string[]> {
  const files: Built[] = []
  const yanked: { name: string; version: string }[] = []
  for (const [prefix, { packages = {}, resolver_options: options }] of scenarios) {
    for (const [own, { versions }] of Object.entries(packages)) {
      const name = nameIn(prefix, own)
      for (const [version, release] of Object.entries(versions ?? {})) {
        const isBuilt = options?.no_binary?.includes(own) ?? false
        files.push(...filesOf({ prefix, name, version, isBuilt }, release))
        if (release.yanked) yanked.push({ name, version })
      }
    }
  }
  const refused: string[] = []
  const uploadNext = async () => {
    for (let file = files.pop(); file; file = files.pop()) {
      if (!(await upload(server, file))) refused.push(file.filename)
    }
  }
  await Promise.all(Array.from({ length: 8 }, uploadNext))
  const token = yanked.length > 0 ? await server.createToken('manage') : ''
  for (const { name, version } of yanked) await yank(server, token, `${name}/releases/${version}`)
  return refused
}

interface ReleasePlace {
  readonly prefix: string
  readonly name: string
  readonly version: string
  readonly isBuilt: boolean
}

/** An sdist only where something depends on it: that is half of the files. */
function filesOf(
  { prefix, name, version, isBuilt }: ReleasePlace,
  release: ScenarioRelease,
): Built[] {
  const tags = release.wheel === false ? [] : (release.wheel_tags ?? ['py3-none-any'])
  const needsSdist = isBuilt || !tags.includes('py3-none-any')
  const builders = [
    ...tags.map((tag) => wheel(name, version).tag(tag)),
    ...(release.sdist !== false && needsSdist ? [sdist(name, version)] : []),
  ]
  return builders.map((builder) => {
    builder.requiresPython(release.requires_python ?? '>=3.12')
    for (const text of release.requires ?? []) builder.requires(`${requirementIn(prefix, text)}`)
    for (const [extra, requires] of Object.entries(release.extras ?? {})) {
      builder.header('Provides-Extra', normalizeName(extra))
      for (const text of requires) builder.requires(forExtra(requirementIn(prefix, text), extra))
    }
    return builder.build()
  })
}

function forExtra(requirement: Requirement, extra: string): string {
  const condition = `extra == "${normalizeName(extra)}"`
  if (requirement.marker === undefined) return `${requirement} ; ${condition}`
  const { marker, ...parts } = requirement
  return `${new Requirement({ ...parts, marker: undefined })} ; (${marker}) and ${condition}`
}

/** Whether it was taken. */
async function upload({ uploadUrl, token }: RunningServer, built: Built): Promise<boolean> {
  const form = new FormData()
  for (const [name, values] of built.fields) for (const value of values) form.append(name, value)
  form.append('content', new Blob([built.bytes as BlobPart]), built.filename)
  const authorization = `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`
  const answer = await fetch(uploadUrl, { method: 'POST', body: form, headers: { authorization } })
  const text = await answer.text()
  const isForUnknownSystem = answer.status === 400 && text.includes('unsupported platform tag')
  assert.ok(answer.status === 200 || isForUnknownSystem, `${built.filename}: ${text}`)
  return answer.status === 200
}

async function yank({ url }: RunningServer, token: string, release: string): Promise<void> {
  const answer = await fetch(new URL(`api/v1/projects/${release}/yank`, url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: '' }),
  })
  assert.equal(answer.status, 200, await answer.text())
}
