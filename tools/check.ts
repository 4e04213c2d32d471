/** `npm run check`: formatter, linter, compiler and the rules of this house. */
import { checkAwaitedReturns } from './checks/awaited-returns.ts'
import { checkLayout } from './checks/layout.ts'
import { checkNamedPaths } from './checks/named-paths.ts'
import { checkPackageGraph } from './checks/package-graph.ts'
import { checkPackageMap } from './checks/package-map.ts'
import { checkPrivateNames, configuredHosts } from './checks/private-names.ts'
import { checkLock } from './complete-lock.ts'
import { mustRun } from './run-command.ts'

/** Every check throws with one line per fault. */
export const checks: Record<string, () => Promise<void>> = {
  'format and lint': async () => {
    await mustRun('biome', ['ci', '--colors=off', '--error-on-warnings', '.'])
  },
  types: async () => {
    await mustRun('tsc', ['-p', '.'])
  },
  layout: () => checkLayout('.'),
  'awaited returns': () => checkAwaitedReturns('.'),
  'lock file': () => checkLock('package-lock.json'),
  'package graph': () => checkPackageGraph('.'),
  'private names': async () => checkPrivateNames('.', await configuredHosts()),
  'package map': () => checkPackageMap('.'),
  'named paths': () => checkNamedPaths('.'),
}

if (import.meta.main) {
  process.chdir(new URL('..', import.meta.url).pathname)
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check()
      console.log(`✔ ${name}`)
    } catch (error) {
      process.exitCode = 1
      console.error(`✖ ${name}\n${error instanceof Error ? error.message : error}`)
    }
  }
}
