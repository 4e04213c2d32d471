/** `cheese freeze`: what is installed, as requirements. */

import type { InstalledProject } from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { lookOptions } from '../options/list-options.ts'
import { refusedFreezing } from '../options/pip-options.ts'
import { table } from '../report/table.ts'
import { lookAtInstalled, writtenName } from './installed.ts'

/** pip leaves these out, as environments come with them. */
const provided = new Set(['pip', 'setuptools', 'wheel', 'distribute'])

export const freeze = defineCommand({
  summary: 'Prints what is installed, as requirements.',
  options: {
    all: { kind: 'flag', help: 'Also pip, setuptools and wheel.' },
    'exclude-editable': { kind: 'flag', help: 'Leave out what is a link to its sources.' },
    exclude: { kind: 'list', placeholder: 'NAME', help: 'Leave this project out.' },
    format: {
      kind: 'text',
      placeholder: 'FORMAT',
      choices: ['requirements', 'columns', 'json'],
      help: 'requirements, columns or json. [requirements]',
    },
    ...lookOptions,
  },
  refused: refusedFreezing,
  async run(session, values) {
    const installed = await lookAtInstalled(session, values)
    const excluded = new Set(values.exclude.map(normalizeName))
    const projects = installed.projects.filter(
      (project) =>
        !excluded.has(project.name) &&
        (values.all || !provided.has(project.name)) &&
        !(values['exclude-editable'] && project.isEditable),
    )
    const rows = projects.map((each) => [writtenName(each), each.version.toString(), line(each)])
    if (values.format === 'json') {
      const items = rows.map(([name, version, requirement]) => ({ name, version, requirement }))
      session.printer.data(JSON.stringify(items))
    } else if (values.format === 'columns') {
      session.printer.data(table(['Package', 'Version', 'Requirement'], rows as string[][]))
    } else for (const [, , requirement] of rows) session.printer.data(requirement!)
    return 0
  },
})

/** `name==1.0`, `name @ url`, `-e folder` */
export function line(project: InstalledProject): string {
  const { directUrl, version } = project
  const name = writtenName(project)
  if (directUrl === undefined) return `${name}==${version}`
  const { url, vcsInfo, subdirectory, archiveInfo } = directUrl
  const folder = subdirectory === undefined ? '' : `subdirectory=${subdirectory}`
  if (project.isEditable) return `-e ${decodeURIComponent(url.replace(/^file:\/\//, ''))}`
  if (vcsInfo) return `${name} @ ${vcsInfo.vcs}+${url}@${vcsInfo.commitId}${folder && `#${folder}`}`
  const [hash] = Object.entries(archiveInfo?.hashes ?? {})
  const parts = [hash ? `${hash[0]}=${hash[1]}` : '', folder].filter((part) => part !== '')
  return `${name} @ ${url}${parts.length > 0 ? `#${parts.join('&')}` : ''}`
}
