/** What is wanted, and how versions are chosen. */

import { formatOption } from './format-option.ts'
import type { OptionTable } from './option.ts'

export const inputOptions = {
  requirement: {
    kind: 'list',
    short: 'r',
    aliases: ['requirements'],
    placeholder: 'FILE',
    help: 'Also what this file asks for; - for standard input.',
  },
  editable: {
    kind: 'list',
    short: 'e',
    placeholder: 'FOLDER',
    help: 'Install this project as a link to its sources.',
  },
  constraint: {
    kind: 'list',
    short: 'c',
    aliases: ['constraints'],
    placeholder: 'FILE',
    help: 'Keep to the versions of this file where something asks for its projects.',
  },
  override: {
    kind: 'list',
    aliases: ['overrides'],
    placeholder: 'FILE',
    help: 'Take the requirements of this file in place of all others on their projects.',
  },
  'override-dependency': {
    kind: 'list',
    aliases: ['override-dependencies'],
    placeholder: '[PROJECT[==VERSION]:]REQUIREMENT',
    help: 'Take this in place of all other requirements on its project, or of what PROJECT requires.',
  },
  'exclude-dependency': {
    kind: 'list',
    aliases: ['exclude-dependencies'],
    placeholder: '[PROJECT[==VERSION]:]NAME',
    help: 'Leave this project out wherever it is required, or where PROJECT requires it.',
  },
  group: {
    kind: 'list',
    placeholder: '[PATH:]NAME',
    help: 'What a dependency group of pyproject.toml asks for, or one of a pylock.toml.',
  },
  'requirements-from-script': {
    kind: 'list',
    placeholder: 'SCRIPT',
    help: 'What a script asks for in its comments (PEP 723).',
  },
  'only-deps': {
    kind: 'flag',
    aliases: ['only-dependencies'],
    help: 'Leave out the projects themselves, and take what they require.',
  },
  'no-deps': {
    kind: 'flag',
    aliases: ['no-dependencies'],
    help: 'Leave out what the projects require.',
  },
  'require-hashes': {
    kind: 'flag',
    negative: 'no-require-hashes',
    help: 'Every file must have a hash among those given. On as soon as one is given.',
  },
} as const satisfies OptionTable

/** Of what may stay as it is, what may not. */
export const upgradePackageOption = {
  kind: 'list',
  short: 'P',
  separator: ',',
  placeholder: 'NAMES',
  help: 'Take the newest versions of these projects, and keep the others.',
} as const

export const strategyOptions = {
  resolution: {
    kind: 'text',
    placeholder: 'STRATEGY',
    choices: ['highest', 'lowest', 'lowest-direct'],
    help: 'highest, lowest, or lowest-direct: the lowest of what is asked for by name. [highest]',
  },
  'ignore-requires-python': { kind: 'flag', help: 'Take files that ask for another Python.' },
} as const satisfies OptionTable

/** Where things go and how. */
export const environmentOptions = {
  target: { kind: 'text', short: 't', placeholder: 'DIR', help: 'Install into this folder.' },
  prefix: {
    kind: 'text',
    placeholder: 'DIR',
    help: 'Install below this folder, as into an environment.',
  },
  root: { kind: 'text', placeholder: 'DIR', help: 'Put this folder before every path.' },
  user: { kind: 'flag', negative: 'no-user', help: "Install into the user's own folder." },
  compile: {
    kind: 'flag',
    aliases: ['compile-bytecode'],
    negative: 'no-compile',
    help: 'Compile modules now; without it Python does when it loads them.',
  },
  'link-mode': {
    kind: 'text',
    placeholder: 'MODE',
    choices: ['clone', 'hardlink', 'copy'],
    help: 'How files get from the cache into the environment. [clone, else hardlink, else copy]',
  },
  'break-system-packages': { kind: 'flag', help: 'Change an environment that the system manages.' },
} as const satisfies OptionTable

export const changeOptions = {
  'dry-run': { kind: 'flag', help: 'Change nothing; say what would change.' },
  report: {
    kind: 'text',
    placeholder: 'FILE',
    help: "Write what is installed as JSON in pip's format; - for standard output.",
  },
  format: { ...formatOption, help: 'text, or json: as --report -. [text]' },
} as const satisfies OptionTable
