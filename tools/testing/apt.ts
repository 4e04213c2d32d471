/** Installs a Debian package where that is allowed: as root, on a machine that has apt. */
import { runCommand } from '../run-command.ts'

/** Returns what `look` finds after the installation, undefined when there was no way to install. */
export async function installWithApt<Found>(
  name: string,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['install', '--yes', '--no-install-recommends', name]
  const first = await runCommand('apt-get', install, { env })
  if (first.code !== 0) {
    await runCommand('apt-get', ['update'], { env })
    await runCommand('apt-get', install, { env })
  }
  return look()
}
