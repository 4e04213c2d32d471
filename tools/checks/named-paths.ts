/** Documents name files of the repository; what they name is there. */
import { readFile } from 'node:fs/promises'
import { dirname, join, matchesGlob } from 'node:path'
import { listTrackedFiles, refuse } from './tracked-files.ts'

/** Links, names of source files in code marks (`http/router.ts`, also the end of a path), and the map of ARCHITECTURE.md. */
export async function checkNamedPaths(root: string): Promise<void> {
  const files = await listTrackedFiles(root)
  const documents = files.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md')
  const faults = documents.map(async (document) => {
    const text = await readFile(join(root, document), 'utf8')
    const links = [...text.matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)].map(([, link]) => link!)
    const names = [...text.matchAll(/`([\w./*-]+[\w*]\.tsx?)`/g)].map(([, name]) => name!)
    const missing = [
      ...links.map((link) => join(dirname(document), link)).filter((path) => !isThere(files, path)),
      ...names.filter((name) => !files.some((path) => matchesGlob(`/${path}`, `**/${name}`))),
      ...(document === 'ARCHITECTURE.md' ? mapped(text) : []).filter(
        (path) => !isThere(files, path),
      ),
    ]
    return missing.map((path) => `${document}: there is no ${path}`)
  })
  refuse((await Promise.all(faults)).flat())
}

function isThere(files: readonly string[], path: string): boolean {
  const wanted = path.replace(/\/$/, '')
  return files.some((file) => file === wanted || file.startsWith(`${wanted}/`))
}

/** The paths of the map: each package, and what is named below it. */
function mapped(text: string): string[] {
  let home = ''
  const lines = /^```\n(.*?)^```$/ms.exec(text)?.[1]?.split('\n') ?? []
  return lines.flatMap((line) => {
    home = /^[\w-]+\/[\w-]*/.exec(line)?.[0] ?? home
    const inside = [...line.matchAll(/(?<=\s)src\/[\w./-]+/g)].map(([path]) => join(home, path))
    return [home, ...inside]
  })
}
