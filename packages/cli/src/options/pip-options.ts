/** Options of pip without effect here, and those that are not implemented: each by name, with the reason. */

import type { OtherOptions, RefusedOptions } from './option.ts'

const removed = 'pip does not have it any more either; build backends of today take settings.'

/** Where things are built. */
export const refusedBuilding: RefusedOptions = {
  extra: {
    takesValue: true,
    why: 'an extra is one of a project, and is written behind it.',
    hint: "'.[EXTRA]' for the project of this folder",
  },
  'global-option': { takesValue: true, why: removed, hint: '--config-settings KEY=VALUE' },
  'build-option': { takesValue: true, why: removed, hint: '--config-settings KEY=VALUE' },
  'install-option': { takesValue: true, why: removed, hint: '--config-settings KEY=VALUE' },
  'check-build-dependencies': {
    why: 'without isolation the backend itself says what it misses.',
    hint: 'leave it away, or let builds be isolated',
  },
}

export const ignoredInstalling: OtherOptions = {
  'no-clean': { why: 'Nothing is left behind that would have to be cleaned.' },
  'no-warn-script-location': { why: 'There is no such warning.' },
  'use-pep517': { why: 'Everything is built that way.' },
}

export const refusedVerifying: RefusedOptions = {
  'no-verify': {
    why: 'a wheel that was built is always verified, or it could not be installed.',
    hint: 'leave it away',
  },
}
