/** `cheese check`: whether what is installed fits together. */

import { findInconsistencies, type InstalledProject, isForeign } from '@cheeseshop/installer'
import { type NormalizedName, tryParseRequirement, type Version } from '@cheeseshop/packaging'
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
    const foreign = installed.projects.filter((each) =>
      isForeign(each, environment.interpreter.tags),
    )
    if (values.format === 'json') {
      const items = faults.map(({ kind, project, requirement, found, message }) => {
        return { kind, name: project.name, version: project.version, requirement, found, message }
      })
      const others = foreign.map(({ name, version }) => {
        return { kind: 'foreign', name, version, message: foreignMessage(name, version) }
      })
      session.printer.data(JSON.stringify([...items, ...others]))
    } else if (faults.length + foreign.length === 0)
      session.printer.data('No broken requirements found.')
    else {
      for (const { message } of faults) session.printer.data(message)
      for (const { name, version } of foreign) session.printer.data(foreignMessage(name, version))
    }
    const unreadable = installed.projects.flatMap((each) => unreadableRequirements(each))
    for (const message of unreadable) session.printer.warning(message)
    for (const { name, writtenVersion } of installed.unversioned) {
      session.printer.warning(`${name} has ${JSON.stringify(writtenVersion)}, which is no version`)
    }
    const all = [faults, foreign, unreadable, installed.broken, installed.unversioned]
    return all.some((each) => each.length > 0) ? 1 : 0
  },
})

/** pip's sentence. */
function foreignMessage(name: NormalizedName, version: Version): string {
  return `${name} ${version} is not supported on this platform`
}

function unreadableRequirements({ name, version, needs }: InstalledProject): string[] {
  return needs.requiresDist
    .filter((text) => tryParseRequirement(text.trim()) === undefined)
    .map((text) => {
      const shown = JSON.stringify(text.slice(0, 120))
      return `${name} ${version} has a requirement that cannot be read: ${shown}`
    })
}
