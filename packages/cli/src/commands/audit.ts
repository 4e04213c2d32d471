/** `cheese audit`: known vulnerabilities in what is installed, or in what a lock lists. */

import { readFileSync } from 'node:fs'
import { parsePylock } from '@cheeseshop/packaging'
import { auditReleases, type Release } from '../auditing/audit-releases.ts'
import { auditJson, isBlind, printAudit } from '../auditing/audit-report.ts'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { indexOptions } from '../options/index-options.ts'
import { lookOptions } from '../options/list-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { Session } from '../session.ts'
import { lookAtInstalled } from './installed.ts'
import { openSessionClient } from './open-client.ts'

const options = {
  strict: { kind: 'flag', help: 'End with 1 also where something could not be audited.' },
  'ignore-vuln': {
    kind: 'list',
    separator: ',',
    aliases: ['ignore'],
    placeholder: 'ID',
    help: 'Leave this advisory out; any of its names will do.',
  },
  format: formatOption,
  ...lookOptions,
  ...indexOptions,
  ...networkOptions,
} as const

export const audit = defineCommand({
  summary:
    'Asks the index for known vulnerabilities of what is installed, or of what a lock lists; ends with 1 if there are any.',
  operands: '[PYLOCK.TOML]...',
  options,
  onlyLooks: true,
  async run(session, values) {
    const releases =
      session.words.length > 0
        ? session.words.flatMap((path) => releasesOfLock(session, path))
        : await installedReleases(session, values)
    const { client } = await openSessionClient(session, values)
    const ignored = new Set(values['ignore-vuln'])
    const audited = await auditReleases(releases, { client, ignored })
    if (values.format === 'json') session.printer.data(auditJson(audited))
    else printAudit(session, audited)
    const isFound = audited.some(({ advisories }) => advisories.length > 0)
    const isPartial = audited.some(({ skipped }) => skipped !== undefined)
    return isFound || isBlind(audited) || (values.strict && isPartial) ? 1 : 0
  },
})

const notFromIndex = 'it did not come from an index'

async function installedReleases(
  session: Session,
  values: ValuesOf<typeof options>,
): Promise<Release[]> {
  const { all, unversioned } = await lookAtInstalled(session, values)
  return all.map((project) => {
    const { name, version, writtenVersion, directUrl } = project
    if (!unversioned.includes(project)) return { name, version, skipped: directUrl && notFromIndex }
    return { name, version: undefined, writtenVersion, skipped: 'its version is none' }
  })
}

/** All that it lists, for whichever environment. */
function releasesOfLock(session: Session, path: string): Release[] {
  const { packages } = parsePylock(readFileSync(session.resolve(path), 'utf8'))
  const releases = packages.flatMap(({ name, version, wheels, sdist }): Release[] => {
    const isFromIndex = wheels !== undefined || sdist !== undefined
    return [{ name, version, ...(!isFromIndex && { skipped: notFromIndex }) }]
  })
  return [...new Map(releases.map((each) => [`${each.name} ${each.version}`, each])).values()]
}
