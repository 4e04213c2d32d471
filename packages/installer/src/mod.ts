/** Puts pinned Python projects into an environment: interpreters, a cache of wheels, and one transaction for all changes. */
export { BuildError, type BuildErrorCode, type BuildLog } from './build/build-error.ts'
export type { BuildEvent, BuildTarget } from './build/build-event.ts'
export type { BuildOptions, ConfigSettings, InstallInto } from './build/build-options.ts'
export { Builder } from './build/builder.ts'
export type { BuiltWheel } from './build/built-wheels.ts'
export { type GitSource, type GitUrl, locateGit, parseGitUrl } from './build/git.ts'
export type { ArchiveSource, BuildSource, FolderSource } from './build/source.ts'
export { CacheFolder, defaultCachePath } from './cache/cache-folder.ts'
export type {
  CachedWheel,
  DataFile,
  FileList,
  Launcher,
  WheelManifest,
} from './cache/cached-wheel.ts'
export type { Changes, WheelToInstall } from './changes.ts'
export {
  type CreateEnvironmentOptions,
  createEnvironment,
} from './environment/create-environment.ts'
export {
  type Environment,
  type EnvironmentTarget,
  openEnvironment,
  refuseExternallyManaged,
  UnusableEnvironment,
} from './environment/environment.ts'
export {
  type FindInterpreterOptions,
  findInterpreter,
  NoInterpreter,
} from './environment/find-interpreter.ts'
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
