/** Packages depend on each other only along the arrows of ARCHITECTURE.md, and only by their public names. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { listTrackedFiles, refuse } from './tracked-files.ts'

const allowed: Record<string, string[]> = {
  archive: [],
  packaging: ['archive'],
  client: ['packaging', 'archive'],
  resolver: ['packaging', 'archive'],
  installer: ['resolver', 'client', 'packaging', 'archive'],
  cli: ['installer', 'resolver', 'client', 'packaging', 'archive'],
  'index-server': ['client', 'resolver', 'packaging', 'archive'],
  testing: ['archive'],
}

type Manifest = {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** The linter refuses undeclared imports; this refuses wrong declarations and ways around them. */
export async function checkPackageGraph(root: string): Promise<void> {
  const manifests = new Map<string, Manifest>()
  for (const folder of Object.keys(allowed)) {
    const path = join(root, 'packages', folder, 'package.json')
    if (existsSync(path)) manifests.set(folder, JSON.parse(await readFile(path, 'utf8')))
  }
  const faults = [...manifests].flatMap(([folder, manifest]) =>
    findWrongArrows(folder, manifest, manifests),
  )
  for (const path of await listTrackedFiles(root)) {
    if (!/^packages\/.*\.tsx?$/.test(path)) continue
    faults.push(...findEscapes(path, await readFile(join(root, path), 'utf8')))
  }
  refuse(faults)
}

function findWrongArrows(
  folder: string,
  manifest: Manifest,
  manifests: Map<string, Manifest>,
): string[] {
  const faults: string[] = []
  for (const [other, { name }] of manifests) {
    if (manifest.dependencies?.[name] !== undefined && !allowed[folder]?.includes(other)) {
      faults.push(`packages/${folder} must not depend on packages/${other}`)
    }
    const isDevelopment = manifest.devDependencies?.[name] !== undefined
    if (isDevelopment && other !== 'testing' && !allowed[folder]?.includes(other)) {
      faults.push(`packages/${folder} must not depend on packages/${other}, not in tests either`)
    }
  }
  return faults
}

function findEscapes(path: string, text: string): string[] {
  const home = path.split('/').slice(0, 2).join('/')
  const faults: string[] = []
  for (const [, specifier] of text.matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']*)'/g)) {
    const target = normalize(join(dirname(path), specifier!))
    if (!target.startsWith(`${home}/`)) {
      faults.push(`${path}: ${specifier} leaves ${home}; import the package by its name`)
    }
  }
  return faults
}
