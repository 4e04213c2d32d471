/** Writes locked/<client>.txt anew from what is installed, after clients.ts was edited and prepared. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { clientNames } from './clients.ts'
import { clientFolder } from './environments.ts'

const pip = join(await clientFolder('pip'), 'bin', 'python')

for (const name of clientNames) {
  const folder = await clientFolder(name)
  const { stdout } = await mustRun(pip, ['-m', 'pip', '--python', folder, 'freeze', '--all'])
  const path = join(import.meta.dirname, 'locked', `${name}.txt`)
  const needsOthers = stdout.trim().split('\n').length > 3
  if (needsOthers) await writeFile(path, stdout)
}
