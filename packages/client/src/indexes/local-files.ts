/** Simple indexes and collections of files on this machine. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ProjectDetail, ProjectFile } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { readSimplePage } from './simple-page.ts'

const extensions = ['.whl', '.tar.gz', '.zip']

/** The page of a project in a `file:` index: a stored page if there is one, else the files of its folder. */
export function readLocalProject(root: URL, name: string): ProjectDetail | undefined {
  const folder = fileURLToPath(new URL(`${name}/`, root))
  const stored = readStoredPage(folder)
  if (stored !== undefined) return stored
  const files = listFolder(folder)
  return files && { meta: { apiVersion: '1.0' }, name, files }
}

/** The names of the folders of a `file:` index. */
export function listLocalProjects(root: URL): string[] {
  const entries = readdirSync(fileURLToPath(root), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** Files of any project: those of a folder, or those that a page links to. */
export function readLocalLinks(path: string): readonly ProjectFile[] {
  const files = listFolder(path) ?? readPage(path)?.files
  if (files !== undefined) return files
  throw new ClientError('not-found', `There is no folder or page ${path} to find links in.`, {
    url: pathToFileURL(path),
    hint: 'Correct the find-links setting.',
  })
}

/** The names under which mirrors and hand-made indexes keep pages, best first. */
function readStoredPage(folder: string): ProjectDetail | undefined {
  return readPage(join(folder, 'index.v1_json')) ?? readPage(join(folder, 'index.html'))
}

function readPage(path: string): ProjectDetail | undefined {
  let body: Buffer
  try {
    body = readFileSync(path)
  } catch {
    return undefined
  }
  return readSimplePage({ url: pathToFileURL(path), contentType: 'text/html', body })
}

function listFolder(folder: string): ProjectFile[] | undefined {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return undefined
  }
  return names
    .filter((name) => extensions.some((extension) => name.endsWith(extension)))
    .sort()
    .flatMap((filename) => {
      const path = join(folder, filename)
      const found = statSync(path, { throwIfNoEntry: false })
      if (!found?.isFile()) return []
      return {
        filename,
        url: pathToFileURL(path).href,
        hashes: {},
        yanked: false,
        size: found.size,
      }
    })
}
