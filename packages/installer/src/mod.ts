/** Puts pinned Python projects into an environment: interpreters, a cache of wheels, and one transaction for all changes. */
export type {
  CachedWheel,
  DataFile,
  FileList,
  Launcher,
  WheelManifest,
} from './cache/cached-wheel.ts'
export type { Changes, WheelToInstall } from './changes.ts'
export type { Environment } from './environment/environment.ts'
export type {
  BrokenProject,
  InstalledKind,
  InstalledProject,
} from './environment/installed-project.ts'
export { Interpreter, type InterpreterFacts } from './environment/interpreter.ts'
export type { Scheme, SchemeKey } from './environment/scheme.ts'
export type {
  CacheEvent,
  EnvironmentEvent,
  InstallerEvent,
  LinkMode,
  OnEvent,
  TransactionEvent,
} from './events.ts'
