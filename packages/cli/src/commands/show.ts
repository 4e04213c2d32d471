/** `cheese show`: what is known of installed projects. */

import { type InstalledProject, requirementsOf } from '@cheeseshop/installer'
import { type MarkerEnvironment, normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { UsageError } from '../report/usage-error.ts'
import { editableLocation, readInstalled, warnOfTorn, writtenName } from './installed.ts'

export const show = defineCommand({
  summary: 'Shows what is known of installed projects.',
  operands: 'NAME...',
  options: {
    files: { kind: 'flag', short: 'f', help: 'Also every file.' },
    format: formatOption,
  },
  onlyLooks: true,
  async run(session, values) {
    if (session.words.length === 0) throw new UsageError('no project was named', 'cheese show NAME')
    const environment = await session.openEnvironment()
    const installed = readInstalled(session, environment)
    const names = session.words.map(normalizeName)
    const found = names.flatMap((name) => installed.find(name) ?? [])
    const missing = session.words.filter((word) => !installed.find(normalizeName(word))).sort()
    if (missing.length > 0) session.printer.warning(`Package(s) not found: ${missing.join(', ')}`)
    warnOfTorn(session, found)
    const { markers } = environment.interpreter
    const about = found.map((project) => describe(project, installed.projects, markers))
    if (values.format === 'json') session.printer.data(JSON.stringify(about))
    else if (about.length > 0) {
      const isVerbose = session.printer.isVerbose
      const blocks = about.map((each) => block(each, { files: values.files, isVerbose }))
      session.printer.data(blocks.join('\n---\n'))
    }
    return found.length > 0 ? 0 : 1
  },
})

type About = ReturnType<typeof describe>

function describe(
  project: InstalledProject,
  all: readonly InstalledProject[],
  environment: MarkerEnvironment,
) {
  const { metadata } = project
  const requires = requirementsOf(project, environment).map(({ name }) => name)
  const requiredBy = all.filter((other) =>
    requirementsOf(other, environment).some((each) => each.normalizedName === project.name),
  )
  return {
    name: writtenName(project),
    version: project.writtenVersion,
    summary: metadata.summary ?? '',
    home_page: metadata.homePage ?? '',
    author: metadata.author ?? '',
    author_email: metadata.authorEmail ?? '',
    license: metadata.licenseExpression ?? metadata.license ?? '',
    license_expression: metadata.licenseExpression,
    location: project.location,
    editable_project_location: editableLocation(project),
    requires: [...new Set(requires)].sort(byName),
    required_by: requiredBy.map(writtenName).sort(byName),
    metadata_version: metadata.metadataVersion,
    installer: project.installer ?? '',
    classifiers: metadata.classifiers,
    entry_points: project.readFile('entry_points.txt')?.trim().split('\n') ?? [],
    project_urls: metadata.projectUrls.map(({ label, url }) => `${label}, ${url}`),
    requested: project.isRequested,
    files: project.record?.map(({ path }) => path).sort(),
  }
}

const noList = 'Cannot locate RECORD or installed-files.txt'

/** pip's lines. */
function block(about: About, { files, isVerbose }: { files: boolean; isVerbose: boolean }): string {
  const license = about.license_expression ? 'License-Expression' : 'License'
  return [
    `Name: ${about.name}`,
    `Version: ${about.version}`,
    `Summary: ${about.summary}`,
    `Home-page: ${about.home_page}`,
    `Author: ${about.author}`,
    `Author-email: ${about.author_email}`,
    `${license}: ${about.license}`,
    `Location: ${about.location}`,
    ...(about.editable_project_location
      ? [`Editable project location: ${about.editable_project_location}`]
      : []),
    `Requires: ${about.requires.join(', ')}`,
    `Required-by: ${about.required_by.join(', ')}`,
    ...(isVerbose ? details(about) : []),
    ...(files ? ['Files:', ...(about.files?.map((path) => `  ${path}`) ?? [noList])] : []),
  ].join('\n')
}

function details(about: About): string[] {
  const list = (title: string, items: readonly string[]) => [
    `${title}:`,
    ...items.map((item) => `  ${item}`),
  ]
  return [
    `Metadata-Version: ${about.metadata_version}`,
    `Installer: ${about.installer}`,
    ...list('Classifiers', about.classifiers),
    ...list('Entry-points', about.entry_points),
    ...list('Project-URLs', about.project_urls),
  ]
}

function byName(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1
}
