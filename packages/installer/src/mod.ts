/** Puts pinned Python projects into an environment: interpreters, a cache of wheels, and one transaction for all changes. */
export { BuildError, type BuildErrorCode, type BuildLog } from './build/build-error.ts'
export type { BuildEvent, BuildTarget } from './build/build-event.ts'
export type { BuildOptions, ConfigSettings, InstallInto } from './build/build-options.ts'
export { Builder } from './build/builder.ts'
export type { BuiltWheel } from './build/built-wheels.ts'
export { type GitSource, type GitUrl, locateGit, parseGitUrl } from './build/git.ts'
export { checkOutForWork } from './build/git-checkout.ts'
export type { ArchiveSource, BuildSource, FolderSource } from './build/source.ts'
export { CacheFolder, defaultCachePath } from './cache/cache-folder.ts'
export type {
  CachedWheel,
  DataFile,
  FileList,
  Launcher,
  WheelManifest,
} from './cache/cached-wheel.ts'
export { type ListedWheel, listCachedWheels } from './cache/cached-wheels.ts'
export { type CompiledWheel, CompileFailure, compileWheels } from './cache/compile-wheels.ts'
export { findDamage } from './cache/find-damage.ts'
export { InvalidWheel } from './cache/invalid-wheel.ts'
export { WheelCache, type WheelSource } from './cache/wheel-cache.ts'
export type { Changes, WheelToInstall } from './changes.ts'
export {
  findInconsistencies,
  findSatisfying,
  type Inconsistency,
  isSatisfied,
  requirementsOf,
} from './consistency.ts'
export type { DirectReference, ReadDirect } from './direct-sources.ts'
export {
  type CreateEnvironmentOptions,
  createEnvironment,
} from './environment/create-environment.ts'
export {
  type Environment,
  type EnvironmentTarget,
  openEnvironment,
  openUserPart,
  refuseExternallyManaged,
  UnusableEnvironment,
} from './environment/environment.ts'
export {
  type FindInterpreterOptions,
  findInterpreter,
  NoInterpreter,
  pythonIn,
} from './environment/find-interpreter.ts'
export { isForeign } from './environment/foreign-projects.ts'
export {
  type BrokenProject,
  type InstalledKind,
  InstalledProject,
} from './environment/installed-project.ts'
export { InstalledProjects } from './environment/installed-projects.ts'
export { Interpreter, type InterpreterFacts } from './environment/interpreter.ts'
export { readInterpreter, UnusableInterpreter } from './environment/read-interpreter.ts'
export type { Scheme, SchemeKey } from './environment/scheme.ts'
export type {
  CacheEvent,
  EnvironmentEvent,
  InstallerEvent,
  LinkMode,
  OnEvent,
  TransactionEvent,
} from './events.ts'
export { type Plan, type PlannedInstall, planChanges } from './plan.ts'
export { HashConflict, refuseOtherFile } from './prepare/allowed-hashes.ts'
export { FetchAhead } from './prepare/fetch-ahead.ts'
export { type FetchedFile, fetchFile, readDigest } from './prepare/fetch-file.ts'
export { type BuiltFile, type PrepareTools, prepareWheels } from './prepare.ts'
export { requirementsInForce } from './requirements-in-force.ts'
export {
  type CandidateSource,
  type FileSource,
  sourceOf,
  type TreeSource,
} from './resolve/candidate-source.ts'
export type { BuildMetadata } from './resolve/client-reader.ts'
export { filenameOf, localFolder } from './resolve/direct-address.ts'
export { covers, type FileRules, type FormatControl } from './resolve/file-rules.ts'
export { FileJudge } from './resolve/project-candidates.ts'
export type { StatedMetadata } from './resolve/stated-metadata.ts'
export {
  type ProjectChoices,
  type ResolveForManyRequest,
  type ResolveProgress,
  type ResolveProjectsRequest,
  type ResolveProjectsTools,
  readFormatControl,
  resolveForMany,
  resolveProjects,
} from './resolve.ts'
export { SourceBuilds, type SourceBuildsOptions } from './source-builds.ts'
export { retarget, type TargetPython, type TargetWish } from './target/target-python.ts'
export { ConflictingFiles, type FileConflict } from './transaction/conflicting-files.ts'
export { CannotRecover } from './transaction/journal.ts'
export {
  EnvironmentBusy,
  EnvironmentLock,
  type LockOptions,
} from './transaction/lock-environment.ts'
export { BlockedPath } from './transaction/planned-folders.ts'
export { WriteFailure } from './transaction/write-failure.ts'
export { type ApplyOptions, applyChanges, applyTogether, DamagedCacheEntry } from './transaction.ts'
export { CannotUninstall } from './uninstall/owned-files.ts'
export { belongsTo, filesOf } from './uninstall.ts'
export { findUnneeded } from './unneeded.ts'
