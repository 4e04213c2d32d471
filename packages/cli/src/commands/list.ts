/** `cheese list`: what is installed. */

import { type InstalledProject, requirementsOf } from '@cheeseshop/installer'
import { normalizeName, parseWheelFile } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import { lookOptions } from '../options/list-options.ts'
import { table } from '../report/table.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import type { Latest } from './find-latest.ts'
import { editableLocation, lookAtInstalled, writtenName } from './installed.ts'

const options = {
  outdated: { kind: 'flag', short: 'o', help: 'Only those of which there is a newer version.' },
  uptodate: {
    kind: 'flag',
    short: 'u',
    help: 'Only those of which an index has the version as its newest.',
  },
  editable: { kind: 'flag', short: 'e', help: 'Only those that are links to their sources.' },
  'exclude-editable': {
    kind: 'flag',
    negative: 'include-editable',
    help: 'Leave out those that are links to their sources.',
  },
  'not-required': { kind: 'flag', help: 'Only those that nothing else requires.' },
  exclude: { kind: 'list', placeholder: 'NAME', help: 'Leave this project out.' },
  format: {
    kind: 'text',
    placeholder: 'FORMAT',
    choices: ['columns', 'freeze', 'json'],
    help: 'columns, freeze or json. [columns]',
  },
  ...lookOptions,
  ...indexOptions,
  ...choiceOptions,
  ...networkOptions,
} as const

export const list = defineCommand({
  summary: 'Lists what is installed.',
  options,
  onlyLooks: true,
  async run(session, values) {
    if (values.outdated && values.format === 'freeze') {
      throw new UsageError(
        'the format freeze has no place for newer versions, which --outdated is about',
        '--format columns or json has',
      )
    }
    const installed = await lookAtInstalled(session, values)
    const excluded = new Set(values.exclude.map(normalizeName))
    const editableWish = values.editable ? true : values['exclude-editable'] ? false : undefined
    let projects = installed.all.filter(
      (project) =>
        !excluded.has(project.name) &&
        (editableWish === undefined || project.isEditable === editableWish),
    )
    if (values['not-required']) projects = await withoutRequired(session, projects, installed.all)
    const needsLatest = values.outdated || values.uptodate
    // Loaded only here: a list that asks no index needs nothing of what asks one.
    const latest = needsLatest
      ? await (await import('./find-latest.ts')).findLatest(session, values, projects)
      : undefined
    const rows = projects.filter(({ name, version }) => {
      if (latest === undefined) return true
      const order = latest.get(name)?.version.compare(version)
      return order !== undefined && (values.outdated ? order > 0 : order === 0)
    })
    printRows(session, rows, {
      latest: values.outdated ? latest : undefined,
      format: values.format,
      isVerbose: session.printer.isVerbose,
    })
    return 0
  },
})

async function withoutRequired(
  session: Session,
  projects: readonly InstalledProject[],
  all: readonly InstalledProject[],
): Promise<InstalledProject[]> {
  const { markers } = await session.interpreter()
  const required = new Set(
    all.flatMap((each) => requirementsOf(each, markers).map((one) => one.normalizedName)),
  )
  return projects.filter(({ name }) => !required.has(name))
}

interface Look {
  readonly latest: ReadonlyMap<string, Latest> | undefined
  readonly format: string | undefined
  /** With where each is, and what put it there. */
  readonly isVerbose: boolean
}

function printRows(session: Session, projects: readonly InstalledProject[], look: Look): void {
  const { printer } = session
  if (look.format === 'json') {
    printer.data(JSON.stringify(projects.map((each) => row(each, look))))
  } else if (look.format === 'freeze') {
    for (const each of projects) {
      const place = look.isVerbose ? ` (${each.location})` : ''
      printer.data(`${writtenName(each)}==${each.writtenVersion}${place}`)
    }
  } else if (projects.length > 0) printer.data(columns(projects, look))
}

/** Those that at least one row has something for. */
function columns(projects: readonly InstalledProject[], look: Look): string {
  const rows = projects.map((each) => ({ ...row(each, look), build: buildTag(each) }))
  const shown = titles.filter(([key]) => rows.some((each) => each[key] !== undefined))
  const cells = rows.map((each) => shown.map(([key]) => each[key] ?? ''))
  return table(
    shown.map(([, title]) => title),
    cells,
  )
}

/** Of the wheel that it was installed from, where it had one. */
function buildTag(project: InstalledProject): string | undefined {
  const text = project.readFile('WHEEL') ?? ''
  return /^build:/im.test(text) ? parseWheelFile(text).build || undefined : undefined
}

const titles: readonly [key: keyof Row | 'build', title: string][] = [
  ['name', 'Package'],
  ['version', 'Version'],
  ['latest_version', 'Latest'],
  ['latest_filetype', 'Type'],
  ['build', 'Build'],
  ['editable_project_location', 'Editable project location'],
  ['location', 'Location'],
  ['installer', 'Installer'],
]

/** The keys are pip's. */
interface Row {
  readonly name: string
  readonly version: string
  readonly latest_version?: string
  readonly latest_filetype?: string
  readonly editable_project_location?: string
  readonly location?: string
  readonly installer?: string
}

function row(project: InstalledProject, { latest, isVerbose }: Look): Row {
  const newest = latest?.get(project.name)
  const folder = editableLocation(project)
  return {
    name: writtenName(project),
    version: project.writtenVersion,
    ...(newest && { latest_version: newest.version.toString(), latest_filetype: newest.filetype }),
    ...(folder !== undefined && { editable_project_location: folder }),
    ...(isVerbose && { location: project.location, installer: project.installer ?? '' }),
  }
}
