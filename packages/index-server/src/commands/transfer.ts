/** `cheeseshop import ...` and `cheeseshop bundle`: files from elsewhere, and for elsewhere. */
import { readFile } from 'node:fs/promises'
import { normalizeName } from '@cheeseshop/packaging'
import { UsageError } from '../config/usage-error.ts'
import { list, path, text } from '../config/value-types.ts'
import { findTree } from '../domain/indexes/find-tree.ts'
import { importBundle, writeBundle } from '../domain/transfer/bundle.ts'
import type { ImportedFile } from '../domain/transfer/import-file.ts'
import { importFolder } from '../domain/transfer/import-folder.ts'
import { importUpstream } from '../domain/transfer/import-upstream.ts'
import { readRequirementsText } from '../domain/upstream/resolving/requirements-text.ts'
import { platformNames, targetsOf } from '../domain/upstream/resolving/target.ts'
import { openDomain } from '../open-domain.ts'
import { asAdministrator } from './as-administrator.ts'
import { command, option } from './command.ts'

const index = option(text, 'The index: a path such as acme/dev, or default.', 'default')

export const importFolderCommand = command({
  name: 'import folder',
  summary:
    'Publish the wheels and sdists in a folder and below it; go on where it was when called again.',
  operands: 'FOLDER',
  options: { index },
  async run({ config, operands, options, print }) {
    await asAdministrator(config, async (domain, identity) => {
      const tree = await findTree(domain.db, options.index)
      const wanted = { index: tree.index.id, folder: operands[0] ?? '' }
      const tally = new Tally(print)
      for await (const file of importFolder(domain, identity, wanted)) {
        tally.add(file, `${file.at}/${file.of} `)
      }
      tally.sumUp()
    })
  },
})

export const importUpstreamCommand = command({
  name: 'import upstream',
  summary:
    'Publish here every file that an upstream has of some projects; go on where it was when called again.',
  operands: 'UPSTREAM',
  options: { index, projects: option(list, 'The projects, by name.') },
  settings: ['data', 'databaseUrl', 'upstream', 'upstreams'],
  async run({ config, operands, options, print }) {
    const { projects = [] } = options
    if (projects.length === 0) {
      throw new UsageError('no project was named', 'Name them: --projects acme-lib,acme-app')
    }
    await asAdministrator(config, async (domain, identity) => {
      const tree = await findTree(domain.db, options.index)
      const wanted = {
        index: tree.index.id,
        upstream: operands[0] ?? '',
        names: projects.map(normalizeName),
      }
      const tally = new Tally(print)
      for await (const file of importUpstream(domain, identity, wanted)) tally.add(file)
      tally.sumUp()
    })
  },
})

export const importBundleCommand = command({
  name: 'import bundle',
  summary: 'Publish the files of a bundle that "cheeseshop bundle" wrote elsewhere.',
  operands: 'FILE',
  options: { index },
  async run({ config, operands, options, print }) {
    await asAdministrator(config, async (domain, identity) => {
      const tree = await findTree(domain.db, options.index)
      const wanted = { index: tree.index.id, path: operands[0] ?? '' }
      const tally = new Tally(print)
      for await (const file of importBundle(domain, identity, wanted)) tally.add(file)
      tally.sumUp()
    })
  },
})

export const bundleCommand = command({
  name: 'bundle',
  summary: 'Write one file with everything that requirements need, for a site without a network.',
  operands: 'FILE',
  options: {
    requirement: { ...option(path, 'The file of requirements.'), short: 'r' },
    python: option(list, 'Versions of Python to resolve for.', ['3.12']),
    platform: option(list, `Platforms to resolve for: ${platformNames.join(', ')}.`, [
      'linux-x86_64',
    ]),
    index,
  },
  settings: ['data', 'databaseUrl', 'upstream', 'upstreams'],
  async run({ config, operands, options, print }) {
    const { requirement: from, python, platform } = options
    if (from === undefined) {
      throw new UsageError('a bundle needs requirements', 'Name their file: -r requirements.txt')
    }
    const requirements = readRequirementsText(await readOrExplain(from), from)
    const upstreams = { environment: process.env, report: () => {} }
    await using opened = await openDomain(config, { create: 'never', firstToken: false, upstreams })
    const tree = await findTree(opened.domain.db, options.index)
    const plan = { requirements, targets: targetsOf(python, platform), path: operands[0] ?? '' }
    const { files, bytes } = await writeBundle(opened.domain, tree, plan)
    print(`${operands[0]} has ${files} files (${(bytes / 1e6).toFixed(1)} MB)`)
  },
})

/** A line for each file, and the sum at the end with what was refused and why. */
class Tally {
  readonly #print: (line: string) => void
  readonly #counts = { published: 0, unchanged: 0, refused: 0 }

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  add({ filename, outcome, problems }: ImportedFile, before = ''): void {
    this.#counts[outcome]++
    this.#print(`${before}${outcome} ${filename}`)
    for (const problem of problems) this.#print(`    ${problem}`)
  }

  sumUp(): void {
    const { published, unchanged, refused } = this.#counts
    this.#print(`${published} published, ${unchanged} were there already, ${refused} refused`)
  }
}

async function readOrExplain(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`)
  }
}
