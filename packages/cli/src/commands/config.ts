/** `cheese config`: every setting, its value, and where it comes from. */

import { redactUrl } from '@cheeseshop/client'
import { defineCommand } from '../command.ts'
import { globalOptions, networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { AnyValue } from '../options/option.ts'
import { environmentOptions, inputOptions, strategyOptions } from '../options/resolve-options.ts'
import { table } from '../report/table.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import { findDefaultIndex } from '../settings/default-index.ts'
import { formatOption } from './format-option.ts'

const shown = {
  ...indexOptions,
  ...networkOptions,
  ...choiceOptions,
  ...strategyOptions,
  ...inputOptions,
  ...environmentOptions,
}

export const config = defineCommand({
  summary: 'Shows every setting, its value, and where it comes from.',
  operands: '[list | get NAME]',
  options: {
    ...shown,
    all: { kind: 'flag', help: 'Also settings that nobody has set.' },
    format: formatOption,
  },
  async run(session, values) {
    const [action = 'list', wanted] = session.words
    if (action === 'list') await printSettings(session, values.all, values.format === 'json')
    else if (action === 'get' && wanted) await printOne(session, wanted)
    else
      throw new UsageError(
        'config shows settings: cheese config, or cheese config get NAME',
        'to change one, write it into cheese.toml, or set a variable such as CHEESE_INDEX_URL',
      )
    return 0
  },
})

interface Row {
  readonly name: string
  readonly value: AnyValue
  readonly origin: string
}

const settable = { ...shown, ...globalOptions }

async function readRows(session: Session): Promise<Row[]> {
  const names = Object.keys(settable).filter((name) => name !== 'help')
  const rows = names.map((name) => {
    const { value, origin } = session.setting(settable, name)
    return { name, value: redacted(value), origin: origin ?? 'default' }
  })
  return Promise.all(rows.map((row) => withDefault(session, row)))
}

/** The index that is asked when nobody names one. */
async function withDefault(session: Session, row: Row): Promise<Row> {
  if (row.name !== 'index-url' || row.origin !== 'default') return row
  const url = await findDefaultIndex(await session.interpreter(), session.cache)
  return url === undefined
    ? row
    : { ...row, value: redactUrl(url), origin: 'the pip of the environment' }
}

async function printSettings(session: Session, isAll: boolean, asJson: boolean): Promise<void> {
  const rows = (await readRows(session)).filter(({ origin }) => isAll || origin !== 'default')
  if (asJson) return session.printer.data(JSON.stringify(rows))
  const cells = rows.map(({ name, value, origin }) => [name, text(value), origin])
  session.printer.data(table(['Setting', 'Value', 'From'], cells))
}

async function printOne(session: Session, wanted: string): Promise<void> {
  const name = wanted.replace(/^(global|install)\./, '')
  const row = (await readRows(session)).find((each) => each.name === name)
  if (row === undefined)
    throw new UsageError(`there is no setting ${JSON.stringify(wanted.slice(0, 80))}`)
  session.printer.data(text(row.value))
}

function redacted(value: AnyValue): AnyValue {
  if (Array.isArray(value)) return value.map((each) => redacted(each) as string)
  return typeof value === 'string' && value.includes('://') ? redactUrl(value) : value
}

function text(value: AnyValue): string {
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}
