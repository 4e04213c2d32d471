/** From options to what a builder is told. */
import type { BuildEvent, BuildOptions, Interpreter } from '@cheeseshop/installer'
import { type NormalizedName, normalizeName, type Requirement } from '@cheeseshop/packaging'
import type { buildOptions } from '../options/build-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { OptionError } from '../report/usage-error.ts'
import { readInputs } from '../requirements/read-inputs.ts'
import type { Session } from '../session.ts'
import { readConfigSettings } from './read-config-settings.ts'

export type BuildValues = ValuesOf<typeof buildOptions>

export async function readBuildSettings(
  session: Session,
  values: BuildValues,
  parts: { readonly interpreter: Interpreter; readonly onEvent: (event: BuildEvent) => void },
): Promise<Omit<BuildOptions, 'installInto'>> {
  const timeLimit = readAmount(values['build-timeout'], '--build-timeout')
  const concurrency = readAmount(values['concurrent-builds'], '--concurrent-builds')
  return {
    ...parts,
    cache: session.cache,
    constraints: await readConstraints(session, values),
    isIsolated: isolation(values),
    settings: readConfigSettings(values['config-settings']),
    refresh: !session.keepsCache,
    env: session.environment,
    ...(timeLimit !== undefined && { timeLimitMs: timeLimit * 1000 }),
    ...(concurrency !== undefined && { concurrency }),
  }
}

async function readConstraints(
  { folder, environment }: Session,
  values: BuildValues,
): Promise<Requirement[]> {
  const constraint = values['build-constraint']
  const inputs = await readInputs({
    words: [],
    requirement: [],
    override: [],
    constraint,
    folder,
    environment,
  })
  return inputs.constraints.map(({ requirement }) => requirement)
}

function isolation(values: BuildValues): (project: NormalizedName | undefined) => boolean {
  const excepted = new Set(values['no-build-isolation-package'].map(normalizeName))
  return (project) =>
    !values['no-build-isolation'] && !(project !== undefined && excepted.has(project))
}

function readAmount(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < 1e6) return value
  throw new OptionError(`${option}: ${JSON.stringify(text.slice(0, 80))} is not a number above 0`)
}
