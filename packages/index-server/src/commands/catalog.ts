/** `cheeseshop yank`, `unyank`, `delete`, `status`: what an operator does to projects; works while the server runs. */
import { UsageError } from '../config/usage-error.ts'
import { onOff, text } from '../config/value-types.ts'
import { deleteFile, unyankFile, yankFile } from '../domain/catalog/files.ts'
import { deleteProject, type StatusChange, setProjectStatus } from '../domain/catalog/projects.ts'
import { deleteRelease, unyankRelease, yankRelease } from '../domain/catalog/releases.ts'
import { indexIdOf } from '../domain/indexes/find-tree.ts'
import { asAdministrator } from './as-administrator.ts'
import { command, option } from './command.ts'

const file = option(text, 'Only this file of the project, by its filename.')
const index = option(text, 'The index the project is hosted in.', 'default')
const reason = option(text, 'Shown to people and installers.')

export const yank = command({
  name: 'yank',
  summary: 'Yank a release or a file: installers skip it unless it is pinned (PEP 592).',
  operands: 'PROJECT [VERSION]',
  options: { file, index, reason },
  async run({ config, operands, options, print }) {
    const target = readTarget(operands, options.file)
    const why = options.reason === undefined ? {} : { reason: options.reason }
    await asAdministrator(config, async (domain, identity) => {
      const place = { index: await indexIdOf(domain.db, options.index) }
      if ('filename' in target) await yankFile(domain, identity, { ...target, ...why, ...place })
      else await yankRelease(domain, identity, { ...target, ...why, ...place })
    })
    print(`yanked ${describe(target)}`)
  },
})

export const unyank = command({
  name: 'unyank',
  summary: 'Take back the yank of a release or a file.',
  operands: 'PROJECT [VERSION]',
  options: { file, index },
  async run({ config, operands, options, print }) {
    const target = readTarget(operands, options.file)
    await asAdministrator(config, async (domain, identity) => {
      const place = { index: await indexIdOf(domain.db, options.index) }
      if ('filename' in target) await unyankFile(domain, identity, { ...target, ...place })
      else await unyankRelease(domain, identity, { ...target, ...place })
    })
    print(`took back the yank of ${describe(target)}`)
  },
})

export const deleteCommand = command({
  name: 'delete',
  summary: 'Delete a file, a release or a whole project; filenames can never be used again.',
  operands: 'PROJECT [VERSION]',
  options: { file, index, yes: option(onOff, 'Really do it.', false) },
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
      const place = { index: await indexIdOf(domain.db, options.index) }
      if ('filename' in target) await deleteFile(domain, identity, { ...target, ...place })
      else if ('version' in target) await deleteRelease(domain, identity, { ...target, ...place })
      else await deleteProject(domain, identity, { ...target, ...place })
    })
    print(`deleted ${describe(target)}`)
  },
})

const statuses = ['active', 'archived', 'deprecated', 'quarantined'] as const

export const status = command({
  name: 'status',
  summary: `Set the status of a project: ${statuses.join(', ')}.`,
  operands: 'PROJECT STATUS',
  options: { index, reason },
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
    await asAdministrator(config, async (domain, identity) => {
      const index = await indexIdOf(domain.db, options.index)
      await setProjectStatus(domain, identity, { ...change, index })
    })
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
