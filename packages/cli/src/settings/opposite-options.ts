/** Options that come in pairs, such as `--no-binary` and `--only-binary`, on a command line and in files. */

import { normalizeName } from '@cheeseshop/packaging'

type Lists<Name extends string> = Readonly<Record<Name, readonly string[]>>

/** As in pip, a file is read after the command line, and takes back what that says of the same project. */
export function readOpposite<Name extends string>(
  [name, opposite]: readonly [Name, Name],
  values: Lists<Name>,
  fromFiles: ReadonlyMap<string, readonly string[]> = new Map(),
): string[] {
  const inFiles = (option: Name) => (fromFiles.get(option) ?? []).flatMap((each) => each.split(','))
  const takenBack = new Set(inFiles(opposite).map(normalizeName))
  const isLeft = (value: string) => !takenBack.has(normalizeName(value))
  const isAllBack = inFiles(opposite).includes(':all:')
  return [...(isAllBack ? [] : values[name].filter(isLeft)), ...inFiles(name)]
}
