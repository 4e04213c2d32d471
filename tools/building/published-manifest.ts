/** What a package.json says once the package is JavaScript in a tarball instead of sources in a workspace. */

export type Manifest = {
  name: string
  version: string
  description?: string
  license?: string
  exports?: Record<string, string>
  bin?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  engines?: Record<string, string>
}

type PublishedManifest = Omit<Manifest, 'exports' | 'devDependencies'> & {
  type: 'module'
  exports?: Record<string, { types: string; default: string }>
}

/** A program also gets the pinned Node of the root, with which its launcher replaces one that is too old. */
export function publishedManifest(manifest: Manifest, root: Manifest): PublishedManifest {
  const { exports, devDependencies: _, ...kept } = manifest
  refuseLooseVersions(manifest)
  const published: PublishedManifest = { ...kept, type: 'module', engines: root.engines }
  if (exports) {
    published.exports = Object.fromEntries(
      Object.entries(exports).map(([name, source]) => {
        const built = source.replace('./src/', './dist/').replace(/\.ts$/, '')
        return [name, { types: `${built}.d.ts`, default: `${built}.js` }]
      }),
    )
  }
  if (manifest.bin) published.optionalDependencies = root.optionalDependencies
  return published
}

/** What was tested is what gets installed. */
function refuseLooseVersions({ name, dependencies = {} }: Manifest): void {
  for (const [dependency, version] of Object.entries(dependencies)) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) {
      throw new Error(`${name} depends on ${dependency} "${version}"; pin one version`)
    }
  }
}
