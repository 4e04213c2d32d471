/** `cheese search`: projects of the indexes by parts of their names. */

import { InstalledProjects, NoInterpreter } from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { globalOptions, networkOptions } from '../options/global-options.ts'
import { indexOptions } from '../options/index-options.ts'
import { count } from '../report/units.ts'
import { OptionError, UsageError } from '../report/usage-error.ts'
import { type Found, findProjects } from '../searching/find-projects.ts'
import type { Session } from '../session.ts'
import { readInstalled } from './installed.ts'
import { openSessionClient } from './open-client.ts'

export const search = defineCommand({
  summary: 'Finds projects whose names have all the words; ends with 23 if there are none.',
  operands: 'WORD...',
  options: {
    limit: { kind: 'text', placeholder: 'N', help: 'At most so many. [20]' },
    format: formatOption,
    ...indexOptions,
    ...networkOptions,
  },
  onlyLooks: true,
  async run(session, values) {
    const { printer, words } = session
    if (words.length === 0) throw new UsageError('nothing to search for', 'cheese search WORD')
    const limit = Number(values.limit ?? 20)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new OptionError(`--limit: ${values.limit} is no number from 1 to 1000`)
    const { client, indexes } = await openSessionClient(session, values)
    if (indexes.indexes.length === 0)
      throw new UsageError('no index is to be asked, and --find-links cannot be searched')
    const { found, all } = await findProjects(words, { client, limit })
    const installed = await installedHere(session)
    const isHere = ({ name }: Found) => installed.get(name)?.version.toString()
    if (values.format === 'json')
      printer.data(JSON.stringify(found.map((each) => ({ ...each, installed: isHere(each) }))))
    else for (const each of found) printer.data(lines(each, isHere(each)).join('\n'))
    const left = all - found.length
    if (left > 0) printer.info(`${count(left, 'more project')}; --limit shows them`)
    if (all === 0) printer.info(`No project of the index has ${words.join(' and ')} in its name`)
    return all === 0 ? 23 : 0
  },
})

/** Nothing where there is no Python, of which nothing is needed here; but one that is named must be there. */
async function installedHere(session: Session): Promise<InstalledProjects> {
  try {
    return readInstalled(session, await session.openEnvironment())
  } catch (error) {
    const isNamed = session.setting(globalOptions, 'python').origin !== undefined
    if (isNamed || !(error instanceof NoInterpreter)) throw error
    return InstalledProjects.read({ sitePackages: [] })
  }
}

/** As pip prints them. */
function lines({ spelled, version, summary }: Found, installed: string | undefined): string[] {
  const head = version === undefined ? spelled : `${spelled} (${version})`
  return [
    summary === undefined ? head : `${head.padEnd(26)} - ${summary}`,
    ...(installed === undefined
      ? []
      : [`  INSTALLED: ${installed}${installed === version ? ' (latest)' : ''}`]),
    ...(installed !== undefined && version !== undefined && installed !== version
      ? [`  LATEST:    ${version}`]
      : []),
  ]
}
