/** Which names a new project may not take. */
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import type { UploadRules } from '../upload-rules.ts'
import { stdlibModules } from './stdlib-modules.generated.ts'

/** True when some Python has a module of that name, or one whose dotted name it resembles, in its standard library. */
export function isStdlibName(name: NormalizedName): boolean {
  return stdlibNames.has(name)
}

const stdlibNames = new Set(stdlibModules.map(normalizeName))

/** The entry of `reservedNames` that covers the name, as it is written there. */
export function reservedBy(name: NormalizedName, rules: UploadRules): string | undefined {
  return rules.reservedNames.find((entry) =>
    entry.endsWith('*')
      ? name.startsWith(normalizeName(entry.slice(0, -1)))
      : name === normalizeName(entry),
  )
}

/** True for names that the operator frees from the reserved, standard library and look-alike rules. */
export function isPermittedName(name: NormalizedName, rules: UploadRules): boolean {
  return rules.permittedNames.some((entry) => name === normalizeName(entry))
}
