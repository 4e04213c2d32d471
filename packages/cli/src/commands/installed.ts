/** What is installed, as the options of looking commands ask for it. */

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Environment, type InstalledProject, InstalledProjects } from '@cheeseshop/installer'
import type { lookOptions } from '../options/list-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { Session } from '../session.ts'

const told = new WeakMap<Session, Set<string>>()

/** Tells of what cannot be read, once. */
export function readInstalled(
  session: Session,
  environment: Pick<Environment, 'sitePackages'>,
): InstalledProjects {
  const installed = InstalledProjects.read(environment)
  const known = told.get(session) ?? new Set()
  told.set(session, known)
  for (const { problem } of installed.broken) {
    if (!known.has(problem)) session.printer.warning(problem)
    known.add(problem)
  }
  return installed
}

export async function lookAtInstalled(
  session: Session,
  values: ValuesOf<typeof lookOptions>,
): Promise<InstalledProjects> {
  if (values.path.length > 0) return readInstalled(session, { sitePackages: values.path })
  const { isVirtual, facts } = await session.interpreter()
  // It does not see what the user has, so that there is nothing to look at.
  if (values.user && isVirtual && !facts.hasSystemSitePackages) {
    return readInstalled(session, { sitePackages: [] })
  }
  const environment = await session.openEnvironment({ user: values.user })
  const { interpreter, scheme } = environment
  const isNarrow = values.user || (values.local && interpreter.isVirtual)
  const sitePackages = isNarrow
    ? [...new Set([scheme.purelib, scheme.platlib])]
    : environment.sitePackages
  return readInstalled(session, { sitePackages })
}

/** What is shown of these is no more than their folders say. */
export function warnOfTorn({ printer }: Session, projects: readonly InstalledProject[]): void {
  for (const { name, writtenVersion, needs } of projects)
    if (needs.name === '')
      printer.warning(`${name} ${writtenVersion} has no metadata that can be read`)
}

/** The name as its author writes it. */
export function writtenName(project: InstalledProject): string {
  return project.writtenName
}

/** The folder that an editable project is a link to. */
export function editableLocation(project: InstalledProject): string | undefined {
  if (project.kind === 'egg-link') return dirname(project.metadataPath)
  const url = project.isEditable ? project.directUrl?.url : undefined
  return url?.startsWith('file:') ? fileURLToPath(url) : undefined
}
