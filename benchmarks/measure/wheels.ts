/** The files that are published while measuring: small, valid wheels, the same bytes in every run. */
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'

/** As wheels of pure Python projects are, but small; `payload` is the text of the one module. */
export function smallWheel(project: string, version: string, payload = ''): BuiltDistribution {
  return wheel(project, version)
    .summary('Made to be measured')
    .requiresPython('>=3.8')
    .requires('requests>=2', 'attrs')
    .file(`${project.replaceAll('-', '_')}/__init__.py`, `RELEASE = "${version}"\n${payload}`)
    .build()
}

/** Releases 1.0, 1.1, ... of one project. */
export function smallWheels(project: string, count: number): BuiltDistribution[] {
  return Array.from({ length: count }, (_, minor) => smallWheel(project, `1.${minor}`))
}
