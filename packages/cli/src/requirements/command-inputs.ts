/** What a command was asked for, by its words and options. */

import type { ClientValues } from '../commands/open-client.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import type { Inputs } from './inputs.ts'
import { readExclusion, readOverride } from './read-changes.ts'
import { readInputs } from './read-inputs.ts'

export interface InputValues {
  readonly requirement?: readonly string[]
  readonly constraint?: readonly string[]
  readonly override?: readonly string[]
  readonly 'override-dependency'?: readonly string[]
  readonly 'exclude-dependency'?: readonly string[]
  readonly editable?: readonly string[]
  readonly group?: readonly string[]
  readonly 'requirements-from-script'?: readonly string[]
  readonly 'only-deps'?: boolean
  readonly 'no-deps'?: boolean
}

/** Throws `UsageError`, and `ClientError` for a file at a URL. */
export async function readCommandInputs(
  session: Session,
  values: InputValues & ClientValues,
  words: readonly string[] = session.words,
): Promise<Inputs> {
  const { requirement = [], constraint = [], override = [] } = values
  const { folder, environment } = session
  const inputs = await readInputs({
    // As pip: scripts pass on variables that are empty.
    words: words.filter((word) => word.trim() !== ''),
    requirement,
    constraint,
    override,
    ...(values.editable && { editable: values.editable }),
    ...(values.group && { group: values.group }),
    ...(values['requirements-from-script'] && { script: values['requirements-from-script'] }),
    folder,
    environment,
    readUrl: async (url) => {
      // Loaded only here: most runs read no file at a URL, and some ask no server at all.
      const { openSessionClient } = await import('../commands/open-client.ts')
      return (await openSessionClient(session, values)).client.text(url)
    },
  })
  inputs.onlyDependencies = checkOnlyDependencies(values)
  inputs.overrides.push(...(values['override-dependency'] ?? []).map(readOverride))
  inputs.excludes.push(...(values['exclude-dependency'] ?? []).map(readExclusion))
  return inputs
}

/** pip's rule: of files it could not be told what is asked for and what is required. */
function checkOnlyDependencies(values: InputValues): boolean {
  if (!values['only-deps']) return false
  const others = ['no-deps', 'requirement', 'requirements-from-script', 'group'] as const
  const other = others.find((name) => (name === 'no-deps' ? values[name] : values[name]?.length))
  if (other === undefined) return true
  throw new UsageError(`--only-deps and --${other} exclude each other`)
}
