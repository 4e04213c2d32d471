/** `cheeseshop yank`, `unyank`, `delete`, `status`: what an operator does to projects; works while the server runs. */
import type { Config } from '../config/settings.ts'
import { UsageError } from '../config/usage-error.ts'
import { onOff, text } from '../config/value-types.ts'
import { deleteFile, unyankFile, yankFile } from '../domain/catalog/files.ts'
import { deleteProject, type StatusChange, setProjectStatus } from '../domain/catalog/projects.ts'
import { deleteRelease, unyankRelease, yankRelease } from '../domain/catalog/releases.ts'
import type { Domain } from '../domain/domain.ts'
import type { Identity } from '../domain/identity.ts'
import { administratorIdentity, openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'

const file = option(text, 'Only this file of the project, by its filename.')
const reason = option(text, 'Shown to people and installers.')

export const yank = command({
  name: 'yank',
  summary: 'Yank a release or a file: installers skip it unless it is pinned (PEP 592).',
  operands: 'PROJECT [VERSION]',
  options: { file, reason },
  async run({ config, operands, options, print }) {
    const target = readTarget(operands, options.file)
    const why = options.reason === undefined ? {} : { reason: options.reason }
    await asAdministrator(config, async (domain, identity) => {
      if ('filename' in target) await yankFile(domain, identity, { ...target, ...why })
      else await yankRelease(domain, identity, { ...target, ...why })
    })
    print(`yanked ${describe(target)}`)
  },
})

export const unyank = command({
  name: 'unyank',
  summary: 'Take back the yank of a release or a file.',
  operands: 'PROJECT [VERSION]',
  options: { file },
  async run({ config, operands, options, print }) {
    const target = readTarget(operands, options.file)
    await asAdministrator(config, async (domain, identity) => {
      if ('filename' in target) await unyankFile(domain, identity, target)
      else await unyankRelease(domain, identity, target)
    })
    print(`took back the yank of ${describe(target)}`)
  },
})

export const deleteCommand = command({
  name: 'delete',
  summary: 'Delete a file, a release or a whole project; filenames can never be used again.',
  operands: 'PROJECT [VERSION]',
  options: { file, yes: option(onOff, 'Really do it.', false) },
  async run({ config, operands, options, print }) {
    const [project = ''] = operands
    const isWhole = operands[1] === undefined && options.file === undefined
    const target = isWhole ? { project } : readTarget(operands, options.file)
    if (!options.yes) {
      throw new UsageError(
        `${describe(target)} would be deleted for good`,
        'Add --yes to do it. Yanking hides a release from installers and can be taken back.',
      )
    }
    await asAdministrator(config, async (domain, identity) => {
      if ('filename' in target) await deleteFile(domain, identity, target)
      else if ('version' in target) await deleteRelease(domain, identity, target)
      else await deleteProject(domain, identity, target)
    })
    print(`deleted ${describe(target)}`)
  },
})

const statuses = ['active', 'archived', 'deprecated', 'quarantined'] as const

export const status = command({
  name: 'status',
  summary: `Set the status of a project: ${statuses.join(', ')}.`,
  operands: 'PROJECT STATUS',
  options: { reason },
  async run({ config, operands, options, print }) {
    const [project = '', wanted = ''] = operands
    const status = statuses.find((status) => status === wanted)
    if (status === undefined) {
      throw new UsageError(
        `${JSON.stringify(wanted.slice(0, 80))} is not a status`,
        `A project is one of ${statuses.join(', ')}.`,
      )
    }
    const change: StatusChange = {
      project,
      status,
      ...(options.reason !== undefined && { reason: options.reason }),
    }
    await asAdministrator(config, (domain, identity) => setProjectStatus(domain, identity, change))
    print(`${project} is ${status}`)
  },
})

type Target = { project: string; version: string } | { project: string; filename: string }

function readTarget(operands: readonly string[], filename: string | undefined): Target {
  const [project = '', version] = operands
  if (filename !== undefined && version === undefined) return { project, filename }
  if (filename === undefined && version !== undefined) return { project, version }
  throw new UsageError(
    filename === undefined
      ? `which release of ${project}?`
      : 'a file is named by its filename alone, without a version',
    'Name a version, or a file with --file FILENAME.',
  )
}

function describe(target: Target | { project: string }): string {
  if ('filename' in target) return target.filename
  return 'version' in target
    ? `${target.project} ${target.version}`
    : `the project ${target.project}`
}

async function asAdministrator(
  config: Config,
  work: (domain: Domain, identity: Identity) => Promise<unknown>,
): Promise<void> {
  await using opened = await openDomain(config, { create: 'never', firstToken: false })
  await work(opened.domain, await administratorIdentity(opened.domain, config))
}
