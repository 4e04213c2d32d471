/** A process that takes the lock of an environment again and again, and fails when it finds another inside. */
import { closeSync, openSync, unlinkSync } from 'node:fs'
import { EnvironmentLock, openEnvironment, readInterpreter } from '@cheeseshop/installer'

const [python, inside, rounds] = process.argv.slice(2) as [string, string, string]
const environment = openEnvironment(await readInterpreter(python))
for (let round = 0; round < Number(rounds); round += 1) {
  using _ = await EnvironmentLock.take(environment)
  // Fails when the file is there.
  closeSync(openSync(inside, 'wx'))
  await new Promise(setImmediate)
  unlinkSync(inside)
}
