/** No file names a package registry's host or a folder of somebody's machine. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../run-command.ts'
import { listTrackedFiles, refuse } from './tracked-files.ts'

// Written in halves, because this file is checked as well.
const publicRegistries = [
  ['pypi', 'org'],
  ['python', 'hosted.org'],
  ['registry.npm', 'js.org'],
  ['registry.yarn', 'pkg.com'],
  ['deb.debian', '.org'],
].map(([left, right]) => (left === 'pypi' ? `${left}.${right}` : `${left}${right}`))
const machineFolders = ['work', 'root', 'home', 'Users'].map((name) => `/${name}/`)

/** Besides the well-known hosts those that are given. */
export async function checkPrivateNames(root: string, hosts: string[] = []): Promise<void> {
  const words = [...publicRegistries, ...hosts]
  const faults: string[] = []
  for (const path of await listTrackedFiles(root)) {
    const lines = (await readFile(join(root, path), 'latin1')).split('\n')
    for (const [index, line] of lines.entries()) {
      const found = words.find((word) => line.includes(word)) ?? findMachinePath(line)
      if (found !== undefined) faults.push(`${path}:${index + 1}: names ${found}`)
    }
  }
  refuse(faults)
}

/** The registries that this machine's npm and pip are set to, whatever they are. */
export async function configuredHosts(): Promise<string[]> {
  const npm = await runCommand('npm', ['config', 'get', 'registry'])
  const pip = await runCommand('python3', ['-m', 'pip', 'config', 'get', 'global.index-url'])
  return [npm, pip].flatMap(({ stdout }) => {
    const host = URL.parse(stdout.trim())?.hostname
    return host === undefined || host === '' || host === 'localhost' ? [] : [host]
  })
}

function findMachinePath(line: string): string | undefined {
  return machineFolders.find((folder) => {
    const at = line.indexOf(folder)
    // `https://host/home/` and `~/work/` are no absolute paths.
    return (
      at >= 0 &&
      (at === 0 || /[\s'"`=:(]/.test(line[at - 1]!)) &&
      /\w/.test(line[at + folder.length] ?? '')
    )
  })
}
