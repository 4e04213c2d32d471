/** `cheese autoremove`: removes what nobody asked for and nothing needs any more. */

import { belongsTo, findUnneeded, InstalledProjects } from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { removeOptions, removeProjects } from '../installing/remove-projects.ts'
import { readInstalled } from './installed.ts'

export const autoremove = defineCommand({
  summary: 'Removes what nobody asked for and nothing that is installed needs any more.',
  options: {
    keep: {
      kind: 'list',
      separator: ',',
      placeholder: 'NAMES',
      help: 'As if someone had asked for these projects.',
    },
    ...removeOptions,
  },
  async run(session, values) {
    const environment = await session.openEnvironment()
    const kept = new Set(values.keep.map(normalizeName))
    const { markers } = environment.interpreter
    const find = () =>
      findUnneeded(InstalledProjects.read(environment), kept, markers).filter((project) =>
        belongsTo(project, environment),
      )
    readInstalled(session, environment)
    if (find().length === 0) session.printer.info('Nothing to remove: everything is needed')
    return await removeProjects(session, values, { environment, find })
  },
})
