/** The README's map of packages names every package folder, in the words of its own description. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listTrackedFiles, refuse } from './tracked-files.ts'

export async function checkPackageMap(root: string): Promise<void> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const faults: string[] = []
  const folders = new Set<string>()
  for (const path of await listTrackedFiles(root)) {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1]
    if (folder === undefined) continue
    folders.add(folder)
    const { description } = JSON.parse(await readFile(join(root, path), 'utf8'))
    const row = new RegExp(`^\\| \`packages/${folder}\` \\| (.*) \\|$`, 'm').exec(readme)?.[1]
    if (row !== description) {
      faults.push(`README.md: no row "| \`packages/${folder}\` | ${description} |"`)
    }
  }
  for (const [, folder] of readme.matchAll(/^\| `packages\/([^`]+)` \|/gm)) {
    if (!folders.has(folder!)) faults.push(`README.md: there is no packages/${folder}`)
  }
  refuse(faults)
}
