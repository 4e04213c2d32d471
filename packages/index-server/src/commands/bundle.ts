/** `cheeseshop bundle`: files for elsewhere. */
import { readFile } from 'node:fs/promises'
import { UsageError } from '../config/usage-error.ts'
import { list, path, text } from '../config/value-types.ts'
import { findTree } from '../domain/indexes/find-tree.ts'
import { writeBundle } from '../domain/transfer/bundle.ts'
import { readRequirementsText } from '../domain/upstream/resolving/requirements-text.ts'
import { platformNames, targetsOf } from '../domain/upstream/resolving/target.ts'
import { formatBytes, plural } from '../format.ts'
import { openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'

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
    index: option(text, 'The index: a path such as acme/dev, or default.', 'default'),
  },
  settings: ['data', 'databaseUrl', 'upstream', 'upstreams'],
  async run({ config, operands, options, print }) {
    const { requirement: from, python, platform } = options
    if (from === undefined) {
      throw new UsageError('a bundle needs requirements', 'Name their file: -r requirements.txt')
    }
    const requirements = readRequirementsText(await readOrExplain(from), from)
    const upstreams = { environment: process.env, report: () => {} }
    await using opened = await openDomain(config, { upstreams })
    const tree = await findTree(opened.domain.db, options.index)
    const plan = { requirements, targets: targetsOf(python, platform), path: operands[0] ?? '' }
    const { files, bytes } = await writeBundle(opened.domain, tree, plan)
    print(`${operands[0]} has ${plural(files, 'file')} (${formatBytes(bytes)})`)
  },
})

async function readOrExplain(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`)
  }
}
