/** `cheeseshop origin`, `claim` and `promote`: where names of an index come from, and how releases move on. */
import { UsageError } from '../config/usage-error.ts'
import { onOff, text } from '../config/value-types.ts'
import { findTree } from '../domain/indexes/find-tree.ts'
import {
  claim,
  nameOrigins,
  readOrigin,
  releaseClaim,
  setOrigin,
} from '../domain/indexes/origins.ts'
import { promoteRelease } from '../domain/indexes/promote-release.ts'
import { openDomain } from '../open-domain.ts'
import { asAdministrator } from './as-administrator.ts'
import { command, option } from './command.ts'

export const origin = command({
  name: 'origin',
  summary: `Show where the files of a name come from in an index, or decide it: ${nameOrigins.join(', ')}.`,
  operands: 'INDEX NAME [ORIGIN]',
  async run({ config, operands, print }) {
    const [index = '', name = '', wanted] = operands
    if (wanted === undefined) {
      await using opened = await openDomain(config)
      const { domain } = opened
      const { origin, reason } = await readOrigin(domain, await findTree(domain.db, index), name)
      return print(`${name} is ${origin} in ${index}: ${reason}`)
    }
    const origin = nameOrigins.find((each) => each === wanted)
    if (origin === undefined) {
      throw new UsageError(
        `${JSON.stringify(wanted.slice(0, 80))} is not an origin`,
        `A name is one of ${nameOrigins.join(', ')}.`,
      )
    }
    await asAdministrator(config, (domain, identity) =>
      setOrigin(domain, identity, { index, name, origin }),
    )
    print(`${name} is ${origin} in ${index}`)
  },
})

export const claimCommand = command({
  name: 'claim',
  summary: 'Keep names for uploads before there are any: one, or all that begin so.',
  operands: 'INDEX PATTERN',
  options: { release: option(onOff, 'Give up the claim instead.', false) },
  async run({ config, operands, options, print }) {
    const [index = '', pattern = ''] = operands
    const change = options.release ? releaseClaim : claim
    await asAdministrator(config, (domain, identity) =>
      change(domain, identity, { index, pattern }),
    )
    print(`${options.release ? 'gave up' : 'claimed'} ${pattern} in ${index}`)
  },
})

export const promote = command({
  name: 'promote',
  summary: 'Copy a release from one index to another: all its files, or none.',
  operands: 'PROJECT VERSION',
  options: {
    from: option(text, 'The index it was uploaded to.', 'default'),
    to: option(text, 'The index that gets it.'),
  },
  async run({ config, operands, options, print }) {
    const [project = '', version = ''] = operands
    const { from, to } = options
    if (to === undefined) throw new UsageError('where to?', 'Name the index with --to INDEX.')
    const { files } = await asAdministrator(config, (domain, identity) =>
      promoteRelease(domain, identity, { project, version, from, to }),
    )
    if (files.length === 0) return print(`${to} has all files of ${project} ${version} already`)
    print(`promoted ${project} ${version} from ${from} to ${to}`)
    for (const filename of files) print(`  ${filename}`)
  },
})
