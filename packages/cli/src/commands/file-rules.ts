/** From settings to the rules by which files are chosen. */

import {
  type FileRules,
  readFormatControl,
  type StatedMetadata,
  type TargetPython,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { readOpposite } from '../settings/opposite-options.ts'
import { readMoment } from '../settings/read-moment.ts'

export interface FileRulesExtra {
  readonly ignoresRequiresPython?: boolean
  readonly hashes?: ReadonlyMap<NormalizedName, readonly string[]>
  readonly fromFiles?: ReadonlyMap<string, readonly string[]>
  readonly statedMetadata?: readonly StatedMetadata[] | undefined
}

export function readFileRules(
  values: ValuesOf<typeof choiceOptions>,
  python: TargetPython,
  extra: FileRulesExtra = {},
): FileRules {
  const read = (...names: ['no-binary' | 'only-binary', 'no-binary' | 'only-binary']) =>
    readFormatControl(readOpposite(names, values, extra.fromFiles))
  const newer = values['exclude-newer']
  return {
    tags: python.tags,
    python: python.version,
    noBinary: read('no-binary', 'only-binary'),
    onlyBinary: read('only-binary', 'no-binary'),
    uploadedBefore: newer === undefined ? undefined : readMoment(newer, new Date()),
    ...((values['prefer-binary'] || extra.fromFiles?.has('prefer-binary')) && {
      prefersBinary: true,
    }),
    ...(extra.ignoresRequiresPython && { ignoresRequiresPython: true }),
    ...(extra.hashes && { hashes: extra.hashes }),
    ...(extra.statedMetadata && { statedMetadata: extra.statedMetadata }),
  }
}
