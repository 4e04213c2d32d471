/** How projects are built from their sources. */

import type { OptionTable } from './option.ts'

export const buildOptions = {
  'build-constraint': {
    kind: 'list',
    aliases: ['build-constraints'],
    placeholder: 'FILE',
    help: 'Keep build backends, and what they require, to the versions of this file.',
  },
  'no-build-isolation': {
    kind: 'flag',
    negative: 'build-isolation',
    help: 'Build in the environment at hand, which must have what backends need.',
  },
  'no-build-isolation-package': {
    kind: 'list',
    separator: ',',
    placeholder: 'NAMES',
    help: 'Build only these projects in the environment at hand.',
  },
  'config-settings': {
    kind: 'list',
    short: 'C',
    aliases: ['config-setting'],
    placeholder: 'KEY=VALUE',
    help: 'Passed to build backends; NAME:KEY=VALUE only to that of one project.',
  },
  src: {
    kind: 'text',
    aliases: ['source', 'source-dir', 'source-directory'],
    placeholder: 'DIR',
    help: 'Check out editables of git repositories here. [src in the environment]',
  },
  'build-timeout': {
    kind: 'text',
    placeholder: 'SECONDS',
    help: 'How long one step of a build may take. [7200]',
  },
  'concurrent-builds': {
    kind: 'text',
    placeholder: 'N',
    help: 'How many projects are built at one time. [as many as processors]',
  },
} as const satisfies OptionTable
