/** The Python packaging standards for TypeScript. Exports are grouped by specification. */

export type {
  MarkerComparison,
  MarkerJunction,
  MarkerNode,
  MarkerOperand,
  MarkerOperator,
  MarkerVariable,
} from './grammar/marker-syntax.ts'
// Environment markers (PEP 508, PEP 685, PEP 751)
export {
  type MarkerEnvironment,
  type MarkerOptions,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
} from './marker-evaluation.ts'
export { InvalidMarker, Marker, parseMarker, tryParseMarker } from './markers.ts'
// Names (PEP 503, PEP 508, PEP 685)
export {
  InvalidName,
  isNormalizedName,
  isValidExtra,
  isValidName,
  type NormalizedName,
  normalizeName,
  parseName,
  tryParseName,
} from './names.ts'

// Ranges of versions (PEP 440)
export { rangeOf, VersionRange } from './ranges.ts'
// Requirements (PEP 508)
export {
  InvalidRequirement,
  parseRequirement,
  Requirement,
  tryParseRequirement,
} from './requirements.ts'
// Version specifiers (PEP 440)
export {
  InvalidSpecifier,
  parseSpecifier,
  Specifier,
  type SpecifierOperator,
  tryParseSpecifier,
} from './specifier.ts'
export {
  type PrereleasePolicy,
  parseSpecifierSet,
  SpecifierSet,
  tryParseSpecifierSet,
} from './specifiers.ts'
export type { Cut, VersionInterval } from './version-intervals.ts'
// Versions (PEP 440)
export {
  canonicalizeVersion,
  compareVersions,
  InvalidVersion,
  isVersion,
  type PreReleaseLabel,
  parseVersion,
  tryParseVersion,
  Version,
  type VersionNumber,
  type VersionParts,
  versionSortKey,
} from './versions.ts'
