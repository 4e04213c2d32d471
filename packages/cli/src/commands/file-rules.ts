/** From settings to the rules by which files are chosen. */

import { type FileRules, readFormatControl, type TargetPython } from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { readMoment } from '../settings/read-moment.ts'

export interface FileRulesExtra {
  readonly ignoresRequiresPython?: boolean
  readonly hashes?: ReadonlyMap<NormalizedName, readonly string[]>
  readonly fromFiles?: ReadonlyMap<string, readonly string[]>
}

export function readFileRules(
  values: ValuesOf<typeof choiceOptions>,
  python: TargetPython,
  extra: FileRulesExtra = {},
): FileRules {
  const inFiles = (name: string) =>
    (extra.fromFiles?.get(name) ?? []).flatMap((each) => each.split(','))
  const newer = values['exclude-newer']
  return {
    tags: python.tags,
    python: python.version,
    noBinary: readFormatControl([...values['no-binary'], ...inFiles('no-binary')]),
    onlyBinary: readFormatControl([...values['only-binary'], ...inFiles('only-binary')]),
    uploadedBefore: newer === undefined ? undefined : readMoment(newer, new Date()),
    ...((values['prefer-binary'] || extra.fromFiles?.has('prefer-binary')) && {
      prefersBinary: true,
    }),
    ...(extra.ignoresRequiresPython && { ignoresRequiresPython: true }),
    ...(extra.hashes && { hashes: extra.hashes }),
  }
}
