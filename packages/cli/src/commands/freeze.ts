/** `cheese freeze`: what is installed, as requirements. */

import type { InstalledProject } from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { lookOptions } from '../options/list-options.ts'
import { directRequirement } from '../report/direct-requirement.ts'
import { editableRequirement } from '../report/editable-requirement.ts'
import { table } from '../report/table.ts'
import { freezeByFiles, linesByName } from './freeze-by-files.ts'
import { lookAtInstalled, warnOfTorn, writtenName } from './installed.ts'

/** pip leaves these out, as environments come with them. */
const provided = new Set(['pip', 'setuptools', 'wheel', 'distribute'])

export const freeze = defineCommand({
  summary: 'Prints what is installed, as requirements.',
  options: {
    requirement: {
      kind: 'list',
      short: 'r',
      placeholder: 'FILE',
      help: 'In the order of this file, with its comments and options.',
    },
    all: { kind: 'flag', help: 'Also pip, setuptools and wheel.' },
    'exclude-editable': { kind: 'flag', help: 'Leave out what is a link to its sources.' },
    exclude: { kind: 'list', placeholder: 'NAME', help: 'Leave this project out.' },
    format: {
      kind: 'text',
      isOurs: true,
      placeholder: 'FORMAT',
      choices: ['requirements', 'columns', 'json'],
      help: 'requirements, columns or json. [requirements]',
    },
    ...lookOptions,
  },
  onlyLooks: true,
  async run(session, values) {
    const installed = await lookAtInstalled(session, values)
    const excluded = new Set(values.exclude.map(normalizeName))
    const projects = inPipsOrder(
      installed.all.filter(
        (project) =>
          !excluded.has(project.name) &&
          (values.all || !provided.has(project.name)) &&
          !(values['exclude-editable'] && project.isEditable),
      ),
    )
    warnOfTorn(session, projects)
    // A comment is of use in a file only.
    const bare = (project: InstalledProject) => line(project).split('\n').at(-1)!
    const rows = projects.map((each) => [writtenName(each), each.writtenVersion, bare(each)])
    if (values.format === 'json') {
      const items = rows.map(([name, version, requirement]) => ({ name, version, requirement }))
      session.printer.data(JSON.stringify(items))
    } else if (values.format === 'columns') {
      session.printer.data(table(['Package', 'Version', 'Requirement'], rows))
    } else {
      const lines = freezeByFiles(session, values.requirement, linesByName(projects, line))
      for (const each of lines) session.printer.data(each)
    }
    return 0
  },
})

/** By the names as they are written: people compare two such files line by line. */
function inPipsOrder(projects: readonly InstalledProject[]): InstalledProject[] {
  const key = (project: InstalledProject) => writtenName(project).toLowerCase()
  return projects.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** `name==1.0`, `name @ url`, `-e folder`, the last with a comment before it. */
export function line(project: InstalledProject): string {
  const { directUrl, writtenVersion: version } = project
  const name = writtenName(project)
  // PEP 440: three signs compare what is no version as text.
  const isVersion = version === `${project.version}`
  if (directUrl === undefined) return `${name}${isVersion ? '==' : '==='}${version}`
  if (!project.isEditable) return directRequirement(name, directUrl)
  return editableRequirement({ name, version }, directUrl.url).join('\n')
}
