/** `cheese config`: the settings that count and where they are from; and pip's files, which both tools read. */

import { defineCommand, type ExitCode } from '../command.ts'
import { readEffectiveSettings, settingText } from '../configuring/effective-settings.ts'
import { chooseKind, PipConfiguration } from '../configuring/pip-configuration.ts'
import { formatOption } from '../options/format-option.ts'
import { table } from '../report/table.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

const options = {
  all: { kind: 'flag', help: 'show: also settings that nobody has set.' },
  editor: { kind: 'text', placeholder: 'COMMAND', help: 'edit: with this. [VISUAL, EDITOR]' },
  global: { kind: 'flag', help: "Only the machine's file of pip." },
  user: { kind: 'flag', help: 'Only your file of pip.' },
  site: { kind: 'flag', help: "Only the environment's file of pip." },
  format: formatOption,
} as const

export const config = defineCommand({
  summary: "Shows every setting and where it comes from; shows and changes pip's configuration.",
  operands: '[show | list | get NAME | set NAME VALUE | unset NAME | edit | debug]',
  options,
  onlyLooks: true,
  async run(session, values): Promise<ExitCode> {
    const [name = 'show', ...operands] = session.words
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (action === undefined)
      throw new UsageError(
        `config has no ${JSON.stringify(name.slice(0, 40))}`,
        `it has ${Object.keys(actions).join(', ')}`,
      )
    if (operands.length !== action.operands.length)
      throw new UsageError(
        `config ${name} takes ${action.operands.join(' and ') || 'no operands'}`,
        `cheese config ${[name, ...action.operands].join(' ')}`,
      )
    // PIP_USER and its like say where projects go, and not which file is meant.
    const isGiven = (flag: 'global' | 'user' | 'site') =>
      session.setting(options, flag).origin === `--${flag}`
    const kind = chooseKind({
      global: isGiven('global'),
      user: isGiven('user'),
      site: isGiven('site'),
    })
    const { all, editor, format } = values
    const call = { all, editor, isJson: format === 'json', operands }
    await action.run(session, new PipConfiguration(session, kind), call)
    return 0
  },
})

interface Call {
  readonly all: boolean
  readonly editor: string | undefined
  readonly isJson: boolean
  readonly operands: readonly string[]
}

interface Action {
  readonly operands: readonly string[]
  run(session: Session, pip: PipConfiguration, call: Call): unknown
}

const actions: Record<string, Action> = {
  show: { operands: [], run: (session, _, call) => show(session, call) },
  list: {
    operands: [],
    run({ printer }, pip, { isJson }) {
      const values = pip.values()
      if (isJson) printer.data(JSON.stringify(values))
      else for (const { name, value } of values) printer.data(`${name}=${quoted(value)}`)
    },
  },
  get: { operands: ['NAME'], run: (session, pip, call) => get(session, pip, call) },
  set: {
    operands: ['NAME', 'VALUE'],
    run: ({ printer }, pip, { operands: [name = '', value = ''] }) =>
      printer.info(`Writing to ${pip.set(name, value)}`),
  },
  unset: {
    operands: ['NAME'],
    run: ({ printer }, pip, { operands: [name = ''] }) =>
      printer.info(`Writing to ${pip.unset(name)}`),
  },
  edit: { operands: [], run: (session, pip, { editor }) => edit(session, pip, editor) },
  debug: { operands: [], run: ({ printer }, pip) => printer.data(places(pip).join('\n')) },
}

async function show(session: Session, { all, isJson }: Call): Promise<void> {
  const { printer } = session
  const rows = (await readEffectiveSettings(session)).filter(
    ({ origin }) => all || origin !== 'default',
  )
  if (isJson) return printer.data(JSON.stringify(rows))
  const cells = rows.map(({ name, value, origin }) => [name, settingText(value), origin])
  printer.data(table(['Setting', 'Value', 'From'], cells))
}

/** With a section, as pip has it; the name alone is the setting that counts. */
async function get(session: Session, pip: PipConfiguration, { operands }: Call): Promise<void> {
  const [wanted = ''] = operands
  const settings = wanted.includes('.') ? [] : await readEffectiveSettings(session)
  const setting = settings.find(({ name }) => name === wanted)
  session.printer.data(setting === undefined ? pip.get(wanted) : settingText(setting.value))
}

function edit({ environment }: Session, pip: PipConfiguration, named: string | undefined): void {
  const editor = named ?? environment['VISUAL'] ?? environment['EDITOR']
  if (!editor)
    throw new UsageError('nobody said which editor to use', 'set EDITOR, or give --editor COMMAND')
  pip.edit(editor)
}

/** As pip prints them: the variables, then every file by whose it is. */
function places(pip: PipConfiguration): string[] {
  const variables = pip.variables().map(({ name, value }) => {
    const key = name.replace(':env:.', '').toUpperCase().replaceAll('-', '_')
    return `  PIP_${key}=${quoted(value)}`
  })
  const files = (['env', 'global', 'site', 'user'] as const).flatMap((kind) => [
    `${kind}:`,
    ...pip.paths(kind).flatMap((path) => {
      const values = pip.valuesOf(path)
      const exists = values === undefined ? 'False' : 'True'
      return [
        `  ${path}, exists: ${exists}`,
        ...(values ?? []).map(({ name, value }) => `    ${name}: ${value}`),
      ]
    }),
  ])
  return ['env_var:', ...variables, ...files]
}

/** As Python writes text. */
function quoted(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return value.includes("'") && !value.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`
}
