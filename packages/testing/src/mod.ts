/** The private test kit: wheel and sdist builders, temporary folders, a clock that stands still, scripted servers. */
export { testCertificate, testKey } from './certificate.ts'
export { type FixedClock, fixedClock } from './clock.ts'
export { cpuTime } from './cpu-time.ts'
export type { BuiltDistribution } from './distribution.ts'
export { interpreterFacts } from './interpreter-facts.ts'
export {
  listen,
  type Script,
  type ScriptedServer,
  type Seen,
  sendFile,
  serve,
  serveFiles,
  serveTls,
} from './scripted-server.ts'
export { SdistBuilder, sdist } from './sdist.ts'
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'
export { until } from './until.ts'
export { WheelBuilder, wheel } from './wheel.ts'
