/** `cheese uninstall`: removes projects, all at once or nothing. */

import type { InstalledProjects } from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { removeOptions, removeProjects } from '../installing/remove-projects.ts'
import { UsageError } from '../report/usage-error.ts'
import { withoutUserinfo } from '../report/without-userinfo.ts'
import { isEmpty } from '../requirements/inputs.ts'
import { readInputs } from '../requirements/read-inputs.ts'
import { readInstalled } from './installed.ts'

export const uninstall = defineCommand({
  summary: 'Uninstalls projects.',
  operands: 'NAME...',
  options: {
    requirement: {
      kind: 'list',
      short: 'r',
      placeholder: 'FILE',
      help: 'Also what this file names.',
    },
    target: { kind: 'text', short: 't', placeholder: 'DIR', help: 'From this folder.' },
    prefix: { kind: 'text', placeholder: 'DIR', help: 'From below this folder.' },
    ...removeOptions,
  },
  async run(session, values) {
    const inputs = await readInputs({
      words: session.words,
      requirement: values.requirement,
      constraint: [],
      override: [],
      folder: session.folder,
      environment: session.environment,
    })
    if (isEmpty(inputs))
      throw new UsageError('nothing to uninstall was named', 'cheese uninstall NAME')
    const environment = await session.openEnvironment(values)
    const installed = readInstalled(session, environment)
    const wanted = new Set([
      ...inputs.requirements.map(({ requirement }) => requirement.normalizedName),
      ...inputs.unnamed.map(({ source }) => nameOfPlace(source.url, installed)),
    ])
    for (const name of wanted) {
      if (!installed.find(name)) session.printer.warning(`${name} is not installed`)
    }
    const find = () => {
      const now = readInstalled(session, environment)
      return [...wanted].flatMap((name) => now.find(name) ?? [])
    }
    return await removeProjects(session, values, { environment, find })
  },
})

/** A folder or URL says nothing of a name; what was installed from there does. Throws `UsageError`. */
function nameOfPlace(url: string, installed: InstalledProjects): NormalizedName {
  const address = url.split('#')[0]!
  const from = installed.all.find(({ directUrl }) => directUrl?.url === address)
  if (from) return from.name
  throw new UsageError(`nothing is installed from ${withoutUserinfo(address)}`, 'name the project')
}
