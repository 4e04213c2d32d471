/** The private test kit: wheel and sdist builders, temporary folders, a clock that stands still. */
export { type FixedClock, fixedClock } from './clock.ts'
export type { BuiltDistribution } from './distribution.ts'
export { SdistBuilder, sdist } from './sdist.ts'
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'
export { WheelBuilder, wheel } from './wheel.ts'
