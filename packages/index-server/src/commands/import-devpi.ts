/** `cheeseshop import devpi`: everything that another server of indexes had. */
import { UsageError } from '../config/usage-error.ts'
import { list } from '../config/value-types.ts'
import { importDevpi } from '../domain/transfer/devpi/import-devpi.ts'
import { asAdministrator } from './as-administrator.ts'
import { command, option } from './command.ts'
import { importSwitches } from './import.ts'
import { ImportReport } from './import-report.ts'

export const importDevpiCommand = command({
  name: 'import devpi',
  summary:
    'Bring in what devpi-export wrote: users, indexes and files; go on where it was when called again.',
  operands: 'FOLDER',
  options: {
    indexes: option(
      list,
      'Only these indexes: alice/dev, or alice/dev=acme/dev to give it another path here. Without it, all.',
    ),
    ...importSwitches,
  },
  settings: ['data', 'databaseUrl', 'administrator', 'upstream', 'upstreams'],
  async run({ config, operands, options, print, progress }) {
    const wanted = { folder: operands[0] ?? '', places: placesOf(options.indexes ?? []) }
    const report = new ImportReport({ print, progress }, options)
    await asAdministrator(
      config,
      async (domain, identity) => {
        await report.take(importDevpi(domain, identity, wanted, report.tools))
        report.sumUp()
      },
      { readsUpstreams: true },
    )
  },
})

function placesOf(texts: readonly string[]): ReadonlyMap<string, string> {
  const places = texts.map((text) => {
    const [name = '', path = name, ...more] = text.split('=')
    if (name !== '' && path !== '' && more.length === 0) return [name, path] as const
    throw new UsageError(
      `--indexes: ${JSON.stringify(text.slice(0, 100))} is no index`,
      'Write an index of devpi, alice/dev, or one with the path it gets here: alice/dev=acme/dev',
    )
  })
  return new Map(places)
}
