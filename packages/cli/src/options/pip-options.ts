/** Options of pip that are not implemented: each is refused by name, with the reason and what to do instead. */

import type { OtherOptions } from './option.ts'

const otherTarget =
  'choosing files for another machine is not there yet; run it with --python on one of that kind.'

/** Which files may be chosen. */
export const refusedChoices: OtherOptions = {
  'all-releases': { takesValue: true, why: 'use --pre, or --prerelease.' },
  'only-final': { takesValue: true, why: 'use --prerelease disallow.' },
  'prefer-binary': {
    why: 'of one version a wheel is always preferred; use --only-binary to pass over versions without wheels.',
  },
}

/** Where things are built. */
export const refusedBuilding: OtherOptions = {
  editable: {
    short: 'e',
    takesValue: true,
    why: 'installing as a link to sources is not there yet.',
  },
  'check-build-dependencies': { why: 'without isolation the backend itself says what it misses.' },
  src: { takesValue: true, why: 'there are no checkouts of repositories.' },
  source: { takesValue: true, why: 'there are no checkouts of repositories.' },
}

/** For which machine files are chosen. */
export const refusedTargets: OtherOptions = {
  platform: { takesValue: true, why: otherTarget },
  'python-version': { takesValue: true, why: otherTarget },
  implementation: { takesValue: true, why: otherTarget },
  abi: { takesValue: true, why: otherTarget },
}

export const refusedInputs: OtherOptions = {
  'requirements-from-script': {
    takesValue: true,
    why: 'inline metadata of scripts is not read yet; write the requirements into a file and use -r.',
  },
  group: {
    takesValue: true,
    why: 'dependency groups are not read yet; write the requirements into a file and use -r.',
  },
  'only-deps': { why: 'it is not there yet.' },
  'only-dependencies': { why: 'it is not there yet.' },
}

export const ignoredInstalling: OtherOptions = {
  'no-clean': { why: 'Nothing is left behind that would have to be cleaned.' },
  'no-warn-script-location': { why: 'There is no such warning.' },
}

export const refusedFreezing: OtherOptions = {
  requirement: {
    short: 'r',
    takesValue: true,
    why: 'the order and the comments of a file are not kept; compare the output with it instead.',
  },
}
