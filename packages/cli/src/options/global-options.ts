/** Options of every command. */

import type { OptionTable, OtherOptions } from './option.ts'

export const globalOptions = {
  help: { kind: 'flag', short: 'h', help: 'Show this.' },
  quiet: { kind: 'count', short: 'q', help: 'Say less; twice: not even warnings.' },
  verbose: { kind: 'count', short: 'v', help: 'Say more.' },
  'no-color': { kind: 'flag', help: 'Print without colours.' },
  isolated: { kind: 'flag', help: 'Ignore environment variables and configuration files.' },
  python: {
    kind: 'text',
    short: 'p',
    placeholder: 'PYTHON',
    help: 'The environment to work on: a version (3.12, >=3.10), a program, or the folder of an environment.',
  },
  'require-virtualenv': {
    kind: 'flag',
    aliases: ['require-venv'],
    help: 'Only work in a virtual environment.',
  },
  'cache-dir': {
    kind: 'text',
    placeholder: 'DIR',
    help: 'Keep downloads and unpacked wheels here.',
  },
  'no-cache-dir': { kind: 'flag', aliases: ['no-cache'], help: 'Keep nothing after this run.' },
  'no-input': { kind: 'flag', help: 'Ask nothing: fail where an answer would be needed.' },
  log: {
    kind: 'text',
    aliases: ['log-file', 'local-log'],
    placeholder: 'FILE',
    isPersonal: true,
    help: 'Also write everything that can be said to the end of this file.',
  },
  'progress-bar': {
    kind: 'text',
    placeholder: 'WHEN',
    choices: ['auto', 'on', 'off', 'raw'],
    help: 'off: no live line on terminals either. [auto]',
  },
  debug: { kind: 'flag', help: 'Show where in the program an error comes from.' },
} as const satisfies OptionTable

export const networkOptions = {
  offline: { kind: 'flag', help: 'Ask no server; use what the cache has.' },
  proxy: {
    kind: 'text',
    placeholder: 'URL',
    isPersonal: true,
    help: 'Reach servers through this proxy.',
  },
  'no-proxy-env': { kind: 'flag', help: 'Ignore HTTP_PROXY, HTTPS_PROXY and NO_PROXY.' },
  retries: { kind: 'text', placeholder: 'N', help: 'Tries after the first. [5]' },
  timeout: {
    kind: 'text',
    aliases: ['default-timeout'],
    placeholder: 'SECONDS',
    help: 'How long a server may be silent. [15]',
  },
  'trusted-host': {
    kind: 'list',
    placeholder: 'HOST',
    isPersonal: true,
    help: 'A host whose certificate is not checked.',
  },
  cert: {
    kind: 'text',
    placeholder: 'FILE',
    isPersonal: true,
    help: 'Certificates of authorities to believe, as PEM.',
  },
  'client-cert': {
    kind: 'text',
    placeholder: 'FILE',
    isPersonal: true,
    help: 'The certificate and key that we show, as PEM.',
  },
  'keyring-provider': {
    kind: 'text',
    placeholder: 'PROVIDER',
    isPersonal: true,
    choices: ['auto', 'disabled', 'import', 'subprocess'],
    help: 'Whether the keyring program is asked for passwords. [disabled]',
  },
} as const satisfies OptionTable

/** pip takes these everywhere. */
export const ignoredEverywhere: OtherOptions = {
  'disable-pip-version-check': { why: 'There is no check for a newer version.' },
  'no-python-version-warning': { why: 'There is no such warning.' },
  'root-user-action': { takesValue: true, why: 'Whoever runs it is not warned of being root.' },
  'resume-retries': {
    takesValue: true,
    why: 'Broken downloads are resumed as often as requests are tried.',
  },
  'use-feature': { takesValue: true, why: 'What pip tries out is on, or not there at all.' },
  'use-deprecated': { takesValue: true, why: 'What pip is about to drop is not there.' },
  'exists-action': { takesValue: true, why: 'Only checkouts of repositories would ask.' },
}
