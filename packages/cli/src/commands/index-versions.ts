/** `cheese index versions`: which versions of a project the indexes have for this environment. */

import { FileJudge } from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { readTarget } from '../installing/read-targets.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import { targetOptions } from '../options/target-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { policyOf, readPrereleaseRules } from '../settings/prerelease-rules.ts'
import { readFileRules } from './file-rules.ts'
import { usableVersions } from './find-latest.ts'
import { readInstalled } from './installed.ts'
import { openSessionClient } from './open-client.ts'

export const index = defineCommand({
  summary: 'Shows which versions of a project there are for this environment.',
  operands: 'versions NAME',
  options: {
    'ignore-requires-python': { kind: 'flag', help: 'Also those for another Python.' },
    json: { kind: 'flag', help: 'As --format json.' },
    format: formatOption,
    ...targetOptions,
    ...indexOptions,
    ...choiceOptions,
    ...networkOptions,
  },
  onlyLooks: true,
  async run(session, values) {
    const [action, wanted, more] = session.words
    if (action !== 'versions' || wanted === undefined || more !== undefined) {
      throw new UsageError('index has one action: cheese index versions NAME')
    }
    const environment = await session.openEnvironment()
    const { client } = await openSessionClient(session, values)
    const name = normalizeName(wanted)
    const page = await client.project(name)
    if (page === undefined) throw new UsageError(`no index has a project ${name}`)
    // Versions are listed, and nothing is built.
    const target = readTarget({ ...values, 'no-deps': true }, environment.interpreter).python
    const rules = readFileRules(values, target, {
      ignoresRequiresPython: values['ignore-requires-python'],
    })
    const candidates = new FileJudge(rules).candidates(name, page.table)
    const prereleases = policyOf(readPrereleaseRules(values), name)
    const python = target.version
    const usable = usableVersions(candidates, { python, prereleases })
    const versions = usable.map(({ version }) => version)
    const [latest] = versions
    if (latest === undefined)
      throw new UsageError(
        `no version of ${name} can be used here`,
        'pre-releases only come with --pre',
      )
    const there = readInstalled(session, environment).get(name)?.version
    if (values.json || values.format === 'json') {
      session.printer.data(
        JSON.stringify({ name, versions, latest, ...(there && { installed_version: there }) }),
      )
      return 0
    }
    session.printer.data(`${name} (${latest})`)
    session.printer.data(`Available versions: ${versions.join(', ')}`)
    if (there)
      session.printer.data(`  INSTALLED: ${there}${there.equals(latest) ? ' (latest)' : ''}`)
    if (there && !there.equals(latest)) session.printer.data(`  LATEST:    ${latest}`)
    return 0
  },
})
