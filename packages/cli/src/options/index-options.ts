/** Where projects come from. */

import type { OptionTable } from './option.ts'

export const indexOptions = {
  'index-url': {
    kind: 'text',
    short: 'i',
    aliases: ['pypi-url', 'default-index'],
    placeholder: 'URL',
    help: 'The index to ask, as the root of its simple API.',
  },
  'extra-index-url': {
    kind: 'list',
    aliases: ['index'],
    placeholder: 'URL',
    help: 'An index to ask before that one.',
  },
  'no-index': { kind: 'flag', help: 'Ask no index; only --find-links.' },
  'find-links': {
    kind: 'list',
    short: 'f',
    placeholder: 'PLACE',
    help: 'A folder or page with links to files.',
  },
  'index-strategy': {
    kind: 'text',
    placeholder: 'STRATEGY',
    choices: ['first-index', 'best-match', 'unsafe-best-match'],
    help: 'first-index: only the first index that has a name is believed for it; best-match: all count, as in pip. [first-index]',
  },
  'refresh-package': {
    kind: 'list',
    separator: ',',
    placeholder: 'NAME',
    help: 'Ask the index again about this project; :all: for every one.',
  },
} as const satisfies OptionTable

/** Which files and versions may be chosen. */
export const choiceOptions = {
  pre: { kind: 'flag', help: 'Choose pre-releases as any other version.' },
  prerelease: {
    kind: 'text',
    placeholder: 'POLICY',
    choices: ['if-necessary', 'allow', 'disallow', 'explicit', 'pip'],
    help: 'When pre-releases may be chosen. [if-necessary]',
  },
  'all-releases': {
    kind: 'list',
    separator: ',',
    placeholder: 'NAMES',
    help: 'Choose pre-releases of these projects as any other version; :all: for every one.',
  },
  'only-final': {
    kind: 'list',
    separator: ',',
    placeholder: 'NAMES',
    help: 'No pre-releases of these projects; :all: for every one.',
  },
  'prefer-binary': {
    kind: 'flag',
    help: 'Rather an older version with a wheel than a newer one that must be built.',
  },
  'only-binary': {
    kind: 'list',
    separator: ',',
    placeholder: 'NAMES',
    help: 'Only wheels of these projects; :all: for every one, :none: to begin anew.',
  },
  'no-binary': {
    kind: 'list',
    separator: ',',
    placeholder: 'NAMES',
    help: 'No wheels of these projects; :all: for every one, :none: to begin anew.',
  },
  'exclude-newer': {
    kind: 'text',
    aliases: ['uploaded-prior-to'],
    placeholder: 'TIME',
    help: 'Only files uploaded before: a date, a time, or an age such as P7D.',
  },
} as const satisfies OptionTable
