/** The folders that .pth files add to what Python searches: projects in them are found as those of site-packages are. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A list of paths is never larger. */
const mostBytes = 1024 * 1024

/** As Python's `site` reads them, save that nothing is run; those that are named already are left out. */
export function pathFileFolders(sitePackages: readonly string[]): string[] {
  const found = new Set<string>()
  for (const folder of sitePackages) {
    for (const name of listPathFiles(folder)) {
      for (const line of readLines(join(folder, name))) {
        const path = resolve(folder, line)
        if (!sitePackages.includes(path) && isFolder(path)) found.add(path)
      }
    }
  }
  return [...found]
}

function listPathFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pth') && !name.startsWith('.'))
      .sort()
  } catch {
    return []
  }
}

function readLines(path: string): string[] {
  try {
    if (statSync(path).size > mostBytes) return []
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trimEnd())
      .filter((line) => line !== '' && !line.startsWith('#') && !/^import[ \t]/.test(line))
  } catch {
    return []
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Not there, not to be read, or no path at all: a line may hold anything.
    return false
  }
}
