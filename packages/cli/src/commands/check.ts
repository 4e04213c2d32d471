/** `cheese check`: whether what is installed fits together. */

import { findInconsistencies } from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { readInstalled } from './installed.ts'

export const check = defineCommand({
  summary: 'Checks whether what is installed fits together; ends with 1 if not.',
  options: {
    format: formatOption,
  },
  onlyLooks: true,
  async run(session, values) {
    const environment = await session.openEnvironment()
    const installed = readInstalled(session, environment)
    const { markers } = environment.interpreter
    const faults = findInconsistencies(installed.projects, installed, markers)
    if (values.format === 'json') {
      const items = faults.map(({ kind, project, requirement, found, message }) => {
        return { kind, name: project.name, version: project.version, requirement, found, message }
      })
      session.printer.data(JSON.stringify(items))
    } else if (faults.length === 0) session.printer.data('No broken requirements found.')
    else for (const { message } of faults) session.printer.data(message)
    for (const { name, writtenVersion } of installed.unversioned) {
      session.printer.warning(`${name} has ${JSON.stringify(writtenVersion)}, which is no version`)
    }
    return faults.length + installed.broken.length + installed.unversioned.length > 0 ? 1 : 0
  },
})
