/** The Python packaging standards for TypeScript. Exports are grouped by specification. */
// biome-ignore-all assist/source/organizeImports: the groups are the order

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

// Ranges of versions (PEP 440)
export { rangeOf, VersionRange } from './ranges.ts'
export type { Cut, VersionInterval } from './version-intervals.ts'

// Environment markers (PEP 508, PEP 685, PEP 751)
export { InvalidMarker, Marker, parseMarker, tryParseMarker } from './markers.ts'
export {
  type MarkerEnvironment,
  type MarkerOptions,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
} from './marker-evaluation.ts'
export { MarkerTruths } from './marker-truths.ts'
export type {
  MarkerComparison,
  MarkerJunction,
  MarkerNode,
  MarkerOperand,
  MarkerOperator,
  MarkerVariable,
} from './grammar/marker-syntax.ts'
export { MarkersTooComplex } from './marker-sets/diagrams.ts'
export type { InterpreterVersion } from './marker-sets/interpreter-versions.ts'
export { type MarkerSet, MarkerSets } from './marker-sets/marker-sets.ts'
export { environmentsOfTags } from './marker-sets/tag-environments.ts'

// Requirements (PEP 508)
export {
  InvalidRequirement,
  parseRequirement,
  Requirement,
  tryParseRequirement,
} from './requirements.ts'

// Licence expressions (PEP 639)
export {
  canonicalizeLicenseExpression,
  InvalidLicenseExpression,
  tryCanonicalizeLicenseExpression,
} from './licenses.ts'

// Compatibility tags (PEP 425, PEP 600, PEP 656, PEP 730, PEP 738, PEP 783)
export { formatTag, InvalidTag, parseTag, type Tag } from './tags.ts'
export {
  compatibleTags,
  cpythonTags,
  genericTags,
  type InterpreterDescription,
  type PythonVersion,
  supportedTags,
} from './supported-tags.ts'
export type {
  AndroidDescription,
  EmscriptenDescription,
  IosDescription,
  LinuxDescription,
  MacosDescription,
  PlatformDescription,
  PlatformVersion,
  WindowsDescription,
} from './platform/platform-description.ts'
export { platformTags } from './platform/platform-tags.ts'
export { isKnownPlatformTag } from './platform/known-platform-tag.ts'

// Filenames of wheels and sdists (PEP 427, PEP 491, PEP 625)
export {
  InvalidSdistFilename,
  InvalidWheelFilename,
  parseSdistFilename,
  parseWheelFilename,
  type SdistFilename,
  sdistFilename,
  tryParseSdistFilename,
  tryParseWheelFilename,
  type WheelFilename,
  wheelFilename,
} from './filenames.ts'

// Core metadata 1.0 to 2.6 (PEP 241, 314, 345, 566, 639, 643, 685, 794, 808)
export {
  type CoreMetadata,
  compareMetadataVersions,
  type MetadataProblem,
  metadataVersions,
  newestMetadataVersion,
  type ProjectUrl,
} from './metadata/core-metadata.ts'
export {
  parseKeywords,
  parseProjectUrl,
  type ReadMetadata,
  readMetadata,
} from './metadata/read-metadata.ts'
export { type MetadataNeeds, readNeeds } from './metadata/read-needs.ts'
export { writeMetadata } from './metadata/write-metadata.ts'
export { type MediaType, parseMediaType } from './metadata/content-type.ts'
export { standardRules } from './metadata/standard-rules.ts'
export {
  type KnownClassifiers,
  type UploadRuleOptions,
  uploadRules,
} from './metadata/upload-rules.ts'
export { type MetadataRule, validateMetadata } from './metadata/validate-metadata.ts'

// The simple repository API (PEP 503, 592, 629, 658, 691, 700, 714, 740, 792)
export {
  type Hashes,
  type InlineMetadata,
  InvalidSimplePage,
  type ListedProject,
  type ProjectDetail,
  type ProjectFile,
  type ProjectList,
  type ProjectStatus,
  type SimpleMeta,
  simpleApiVersion,
  type WheelTwin,
} from './simple-api/model.ts'
export {
  negotiateProjectPage,
  negotiateSimple,
  resolverAcceptHeader,
  resolverPageContentType,
  type SimpleFormat,
  simpleAcceptHeader,
  simpleContentTypes,
} from './simple-api/content-types.ts'
export type { ListedFiles } from './simple-api/file-scanner.ts'
export { type ListedPage, listProjectFiles, readListedFile } from './simple-api/list-files.ts'
export { readProjectDetail, readProjectDetailInSteps, readProjectList } from './simple-api/read.ts'
export { writeResolverPage } from './simple-api/resolver-page.ts'
export {
  renderFileJson,
  writeProjectDetailJson,
  writeProjectListJson,
} from './simple-api/write-json.ts'
export {
  renderFileHtml,
  writeProjectDetailHtml,
  writeProjectListHtml,
} from './simple-api/write-html.ts'

// Wheels (PEP 376, PEP 427)
export { readWheel, type WheelContents } from './wheel/read-wheel.ts'
export { checkWheelRecord } from './wheel/check-wheel-record.ts'
export type { WheelDescription } from './wheel/describe-wheel.ts'
export { canHaveTwin, isExecutable, writeWheelTwin } from './wheel/write-wheel-twin.ts'
export {
  InvalidWheelTwin,
  readWheelTwin,
  type TwinFile,
  type WheelTwinContents,
} from './wheel/read-wheel-twin.ts'
export type { WheelProblem, WheelProblemCode } from './wheel/wheel-problem.ts'
export { parseWheelFile, type WheelFile } from './wheel/wheel-file.ts'
export {
  InvalidRecord,
  parseRecord,
  type RecordEntry,
  type RecordHash,
  writeRecord,
} from './record.ts'
export {
  type EntryPoint,
  InvalidEntryPoints,
  parseEntryPoints,
  scriptProblem,
} from './entry-points.ts'
export type { DistributionProblem } from './distribution-problem.ts'

// Source distributions (PEP 625, PEP 643)
export {
  readSdist,
  type SdistContents,
  type SdistMember,
  type SdistProblem,
  type SdistProblemCode,
  sdistMetadataIsStatic,
} from './sdist.ts'

// Where an installed distribution came from (PEP 610)
export {
  type ArchiveInfo,
  type DirectUrl,
  type DirInfo,
  InvalidDirectUrl,
  parseDirectUrl,
  urlWithoutCredentials,
  type VcsInfo,
  type WriteDirectUrlOptions,
  writeDirectUrl,
} from './direct-url.ts'

// Dependency groups (PEP 735)
export { InvalidDependencyGroup, resolveDependencyGroup } from './dependency-groups.ts'

// Lock files (PEP 751)
export {
  InvalidPylock,
  isPylockFilename,
  type LockedArchive,
  type LockedDirectory,
  type LockedFile,
  lockedFilename,
  type LockedPackage,
  type LockedVcs,
  type Pylock,
} from './pylock/pylock.ts'
export { parsePylock } from './pylock/parse-pylock.ts'
export { writePylock } from './pylock/write-pylock.ts'
export {
  PylockMismatch,
  type SelectedPackage,
  type SelectOptions,
  selectPackages,
} from './pylock/select-packages.ts'

// Metadata inside scripts (PEP 723)
export {
  findBlocks,
  InvalidScriptMetadata,
  readScriptMetadata,
  type ScriptBlock,
  type ScriptMetadata,
} from './script-metadata.ts'
