/** `cheeseshop import ...`: files from elsewhere. */
import type { Config } from '../config/settings.ts'
import { UsageError } from '../config/usage-error.ts'
import { list, onOff, text } from '../config/value-types.ts'
import type { Domain } from '../domain/domain.ts'
import type { Identity } from '../domain/identity.ts'
import { findTree } from '../domain/indexes/find-tree.ts'
import { importBundle } from '../domain/transfer/bundle.ts'
import type { ImportStep, ImportTools } from '../domain/transfer/import-files.ts'
import { importFolder } from '../domain/transfer/import-folder.ts'
import { importUpstream } from '../domain/transfer/import-upstream.ts'
import { asAdministrator } from './as-administrator.ts'
import { type CommandCall, command, option } from './command.ts'
import { ImportReport, type ImportSwitches } from './import-report.ts'

export const importSwitches = {
  'dry-run': option(onOff, 'Publish nothing; say what would be published.', false),
  quiet: { ...option(onOff, 'Tell only what was refused, and why.', false), short: 'q' },
}

const options = {
  index: option(text, 'The index: a path such as acme/dev, or default.', 'default'),
  ...importSwitches,
}

export const importFolderCommand = command({
  name: 'import folder',
  summary:
    'Publish the wheels and sdists in a folder and below it; go on where it was when called again.',
  operands: 'FOLDER',
  options: {
    ...options,
    'keep-times': option(
      onOff,
      'Take the time of each file for when it was uploaded, as in the folder of a pypiserver.',
      false,
    ),
  },
  run: (call) =>
    report(call, ({ domain, identity, index, tools }) => {
      const keepsTimes = call.options['keep-times']
      const wanted = { index, folder: call.operands[0] ?? '', keepsTimes }
      return importFolder(domain, identity, wanted, tools)
    }),
})

export const importUpstreamCommand = command({
  name: 'import upstream',
  summary:
    'Publish here every file that an upstream has of some projects; go on where it was when called again.',
  operands: 'UPSTREAM',
  options: {
    ...options,
    projects: option(
      list,
      'The projects: names, acme-* for all that begin so, * for all there are.',
    ),
  },
  settings: ['data', 'databaseUrl', 'upstream', 'upstreams'],
  async run(call) {
    const { projects = [] } = call.options
    if (projects.length === 0) {
      throw new UsageError('no project was named', 'Name them: --projects acme-lib,acme-app')
    }
    const upstream = call.operands[0] ?? ''
    await report(
      call,
      ({ domain, identity, index, tools }) =>
        importUpstream(domain, identity, { index, upstream, projects }, tools),
      true,
    )
  },
})

export const importBundleCommand = command({
  name: 'import bundle',
  summary: 'Publish the files of a bundle that "cheeseshop bundle" wrote elsewhere.',
  operands: 'FILE',
  options,
  run: (call) =>
    report(call, ({ domain, identity, index, tools }) =>
      importBundle(domain, identity, { index, path: call.operands[0] ?? '' }, tools),
    ),
})

interface Setting {
  readonly domain: Domain
  readonly identity: Identity
  /** The id of the index. */
  readonly index: number
  readonly tools: ImportTools
}

type ImportCall = Omit<CommandCall<never>, 'options'> & {
  readonly config: Config
  readonly options: ImportSwitches & { readonly index: string }
}

async function report(
  { config, options, print, progress }: ImportCall,
  work: (setting: Setting) => AsyncIterable<ImportStep>,
  readsUpstreams = false,
): Promise<void> {
  const told = new ImportReport({ print, progress }, options)
  const run = async (domain: Domain, identity: Identity) => {
    const { index } = await findTree(domain.db, options.index)
    await told.take(work({ domain, identity, index: index.id, tools: told.tools }))
    told.sumUp()
  }
  await asAdministrator(config, run, { readsUpstreams })
}
