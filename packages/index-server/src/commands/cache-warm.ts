/** `cheeseshop cache warm`: fetches before anybody asks, so that a site can go offline. */
import { readFile } from 'node:fs/promises'
import { parseRequirement } from '@cheeseshop/packaging'
import { UsageError } from '../config/usage-error.ts'
import { integer, list, path, text } from '../config/value-types.ts'
import { readIndexTree } from '../domain/indexes/index-tree.ts'
import { type MirrorPlan, mirrorProjects } from '../domain/upstream/mirror/mirror-projects.ts'
import { wantedNames } from '../domain/upstream/mirror/wanted-names.ts'
import { readRequirementsText } from '../domain/upstream/resolving/requirements-text.ts'
import { platformNames, targetsOf } from '../domain/upstream/resolving/target.ts'
import { formatBytes, formatCount, plural } from '../format.ts'
import { openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'
import { printable } from './import-report.ts'

export const cacheWarm = command({
  name: 'cache warm',
  summary: 'Fetch what requirements need, or whole projects, before anybody asks for it.',
  options: {
    requirement: {
      ...option(path, 'A file of requirements; fetched with all that they need.'),
      short: 'r',
    },
    packages: option(list, 'Requirements themselves, such as flask>=3; with all that they need.'),
    projects: option(list, 'Whole projects, without what they need; acme-* is all that begin so.'),
    latest: option(integer(1, 10_000), 'Of whole projects only so many of the newest versions.'),
    python: option(list, 'Versions of Python to resolve for.', ['3.12']),
    platform: option(list, `Platforms to resolve for: ${platformNames.join(', ')}.`, [
      'linux-x86_64',
    ]),
    index: option(text, 'The index to go through; without it the default one.', ''),
  },
  settings: ['data', 'databaseUrl', 'upstream', 'upstreams'],
  async run({ config, options, print, progress }) {
    const plan = await readPlan(options)
    await using opened = await openDomain(config, {
      create: true,
      upstreams: {
        environment: process.env,
        report: ({ upstream, wanted, error }) => print(`${upstream}: ${wanted}: ${error}`),
      },
    })
    const tree = await readIndexTree(opened.domain, options.index)
    if (tree === undefined) {
      throw new UsageError(`there is no index ${JSON.stringify(options.index)}`)
    }
    const names = await wantedNames(opened.domain, tree, options.projects ?? [])
    const { files, bytes, present } = await mirrorProjects(
      opened.domain,
      tree,
      { ...plan, names },
      {
        onProgress: ({ done, total, filename }) =>
          progress.show(() => `${done + 1}/${total} files  ${printable(filename)}`),
      },
    )
    const fetched = `${plural(files, 'file')} (${formatBytes(bytes)})`
    print(`fetched ${fetched}; ${formatCount(present)} were here already`)
  },
})

interface WarmOptions {
  readonly requirement: string | undefined
  readonly packages: readonly string[] | undefined
  readonly projects: readonly string[] | undefined
  readonly latest: number | undefined
  readonly python: readonly string[]
  readonly platform: readonly string[]
}

async function readPlan(options: WarmOptions): Promise<Omit<MirrorPlan, 'names'>> {
  const { requirement: file, packages = [], projects = [], latest } = options
  const fromFile = file === undefined ? [] : readRequirementsText(await readOrExplain(file), file)
  const given = packages.map((each) => ({
    requirement: parseRequirement(each),
    origin: '--packages',
  }))
  const requirements = [...fromFile, ...given]
  if (requirements.length === 0 && projects.length === 0) {
    throw new UsageError(
      'nothing to fetch was named',
      'Give a file with --requirement, or names with --packages or --projects.',
    )
  }
  return {
    requirements,
    ...(latest !== undefined && { latest }),
    targets: targetsOf(options.python, options.platform),
  }
}

async function readOrExplain(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`)
  }
}
