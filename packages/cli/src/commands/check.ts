/** `cheese check`: whether what is installed fits together. */

import {
  findInconsistencies,
  type InstalledProject,
  type InstalledProjects,
  isForeign,
} from '@cheeseshop/installer'
import {
  type NormalizedName,
  normalizeName,
  tryParseRequirement,
  tryParseVersion,
  type Version,
} from '@cheeseshop/packaging'
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
    const oddities = [
      ...installed.projects
        .filter((each) => isForeign(each, environment.interpreter.tags))
        .map((each) => oddity('foreign', each, 'is not supported on this platform')),
      ...installed.projects.flatMap(torn),
      ...installed.shadowed.flatMap((each) => doubled(each, installed)),
    ]
    if (values.format === 'json') {
      const items = faults.map(({ kind, project, requirement, found, message }) => {
        return { kind, name: project.name, version: project.version, requirement, found, message }
      })
      session.printer.data(JSON.stringify([...items, ...oddities]))
    } else for (const { message } of [...faults, ...oddities]) session.printer.data(message)
    const unreadable = installed.projects.flatMap((each) => unreadableRequirements(each))
    for (const message of unreadable) session.printer.warning(message)
    for (const { name, writtenVersion } of installed.unversioned) {
      session.printer.warning(`${name} has ${JSON.stringify(writtenVersion)}, which is no version`)
    }
    const all = [faults, oddities, unreadable, installed.broken, installed.unversioned]
    if (all.some((each) => each.length > 0)) return 1
    if (values.format !== 'json') session.printer.data('No broken requirements found.')
    return 0
  },
})

/** What is wrong with a project as it lies there, whatever others require. */
interface Oddity {
  readonly kind: 'foreign' | 'torn' | 'doubled'
  readonly name: NormalizedName
  readonly version: Version
  /** A sentence; that of what is foreign is pip's. */
  readonly message: string
}

function oddity(kind: Oddity['kind'], { name, version }: InstalledProject, what: string): Oddity {
  return { kind, name, version, message: `${name} ${version} ${what}` }
}

/** Its folder has the name and the version; what it requires stands in its metadata. */
function torn(project: InstalledProject): Oddity[] {
  const { name, version } = project.needs
  if (name === '') return [oddity('torn', project, 'has no metadata that can be read')]
  const isSame = tryParseVersion(version)?.sortKey === project.version.sortKey
  if (isSame && normalizeName(name) === project.name) return []
  const said = `${name} ${version}`.slice(0, 120)
  return [oddity('torn', project, `has metadata of something else (${JSON.stringify(said)})`)]
}

/** In another folder that Python looks into, another version may stand behind the first. */
function doubled(behind: InstalledProject, installed: InstalledProjects): Oddity[] {
  const first = installed.get(behind.name)
  if (first?.location !== behind.location) return []
  return [oddity('doubled', first, `is there a second time, as ${behind.version}`)]
}

function unreadableRequirements({ name, version, needs }: InstalledProject): string[] {
  return needs.requiresDist
    .filter((text) => tryParseRequirement(text.trim()) === undefined)
    .map((text) => {
      const shown = JSON.stringify(text.slice(0, 120))
      return `${name} ${version} has a requirement that cannot be read: ${shown}`
    })
}
