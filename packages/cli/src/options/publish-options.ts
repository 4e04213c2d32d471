/** Where files are published, and who is doing it. */

import type { OptionTable } from './option.ts'

export const publishOptions = {
  'publish-url': {
    kind: 'text',
    aliases: ['repository-url'],
    placeholder: 'URL',
    help: 'Where uploads go; of most indexes it ends in /legacy/.',
  },
  repository: {
    kind: 'text',
    short: 'r',
    placeholder: 'NAME',
    help: 'A repository of .pypirc. [its only one]',
  },
  'config-file': { kind: 'text', placeholder: 'FILE', help: 'Another .pypirc. [~/.pypirc]' },
  token: { kind: 'text', short: 't', placeholder: 'TOKEN', help: 'An API token of the index.' },
  username: { kind: 'text', short: 'u', placeholder: 'NAME', help: 'With --password.' },
  password: {
    kind: 'text',
    // As in twine and uv; of all other commands it is the letter of --python.
    short: 'p',
    placeholder: 'PASSWORD',
    help: 'Of the user, or an API token.',
  },
  'trusted-publishing': {
    kind: 'text',
    placeholder: 'WHEN',
    choices: ['automatic', 'always', 'never'],
    help: 'Exchange the identity of a CI job for a token: automatic, always or never. [automatic]',
  },
  'check-url': {
    kind: 'text',
    placeholder: 'URL',
    help: 'The simple pages of the same index: what they have already is skipped, if it is the same.',
  },
  'skip-existing': {
    kind: 'flag',
    help: 'Go on where the index says that a file is there already, whatever its content.',
  },
  attestations: {
    kind: 'flag',
    negative: 'no-attestations',
    help: 'Insist on NAME.publish.attestation beside every file; --no-attestations: send none. [sent where they are]',
  },
  strict: { kind: 'flag', help: 'Publish nothing where a check has so much as a warning.' },
  'dry-run': { kind: 'flag', help: 'Check everything, publish nothing.' },
  format: {
    kind: 'text',
    isOurs: true,
    placeholder: 'FORMAT',
    choices: ['text', 'json'],
    help: 'text or json. [text]',
  },
} as const satisfies OptionTable
