/** `cheese uninstall`: removes projects, all at once or nothing. */

import { createInterface } from 'node:readline/promises'
import {
  applyChanges,
  EnvironmentLock,
  type InstalledProject,
  refuseExternallyManaged,
} from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { tell } from '../installing/tell.ts'
import { printChanges } from '../report/change-summary.ts'
import { UsageError } from '../report/usage-error.ts'
import { readInputs } from '../requirements/read-inputs.ts'
import type { Session } from '../session.ts'
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
    yes: { kind: 'flag', short: 'y', help: 'Do not ask.' },
    'dry-run': { kind: 'flag', help: 'Change nothing; say what would go.' },
    target: { kind: 'text', short: 't', placeholder: 'DIR', help: 'From this folder.' },
    prefix: { kind: 'text', placeholder: 'DIR', help: 'From below this folder.' },
    'break-system-packages': {
      kind: 'flag',
      help: 'Change an environment that the system manages.',
    },
  },
  async run(session, values) {
    const inputs = readInputs({
      words: session.words,
      requirement: values.requirement,
      constraint: [],
      override: [],
      folder: session.folder,
      environment: session.environment,
    })
    if (inputs.requirements.length === 0)
      throw new UsageError('nothing to uninstall was named', 'cheese uninstall NAME')
    const environment = await session.openEnvironment(values)
    if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
    const wanted = inputs.requirements.map(({ requirement }) => requirement.normalizedName)
    const find = () => {
      const installed = readInstalled(session, environment)
      return [...new Set(wanted)].flatMap((name) => installed.get(name) ?? [])
    }
    const found = find()
    for (const name of new Set(wanted)) {
      const isThere = found.some((project) => project.name === name)
      if (!isThere) session.printer.warning(`${name} is not installed`)
    }
    if (found.length === 0) return 0
    if (values['dry-run']) {
      session.printer.info('Would change:')
      printRemovals(session, found)
      return 0
    }
    if (!values.yes && !(await isConfirmed(found))) return 0
    const onEvent = (event: Parameters<typeof tell>[0]) => tell(event, session)
    using lock = await EnvironmentLock.take(environment, { onEvent })
    const remove = find()
    applyChanges(lock, { install: [], remove }, { onEvent })
    printRemovals(session, remove)
    return 0
  },
})

function printRemovals({ printer }: Session, remove: readonly InstalledProject[]): void {
  printChanges(printer, { install: [], remove, keep: [] })
}

async function isConfirmed(found: readonly InstalledProject[]): Promise<boolean> {
  const names = found.map(({ name, version }) => `${name} ${version}`).join(', ')
  if (!process.stdin.isTTY) {
    throw new UsageError(`${names} would be removed, and nobody can be asked`, 'say --yes')
  }
  const questions = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await questions.question(`Remove ${names} from ${found[0]!.location}? [Y/n] `)
    return /^(y|yes|)$/i.test(answer.trim())
  } finally {
    questions.close()
  }
}
