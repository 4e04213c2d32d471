/** Builds sdists for tests: good ones, and ones that are wrong in the way a test needs. */
import { writeTarGz } from '@cheeseshop/archive'
import { type BuiltDistribution, DistributionBuilder, filenamePart } from './distribution.ts'

/** `sdist('demo', '1.0').file('pyproject.toml', '').build()` */
export function sdist(name: string, version: string): SdistBuilder {
  return new SdistBuilder(name, version)
}

export class SdistBuilder extends DistributionBuilder {
  #root = `${filenamePart(this.name)}-${this.version}`
  #hasPkgInfo = true
  readonly #outside = new Map<string, string>()

  /** A licence file (PEP 639), in the metadata and in the sdist. */
  licenseFile(path: string, text: string): this {
    return this.header('License-File', path).file(path, text)
  }

  withoutPkgInfo(): this {
    this.#hasPkgInfo = false
    return this
  }

  /** Another root folder than the right one. */
  root(folder: string): this {
    this.#root = folder
    return this
  }

  /** A file beside the root folder, which an sdist may not have. */
  fileOutsideRoot(path: string, content: string): this {
    this.#outside.set(path, content)
    return this
  }

  build(): BuiltDistribution {
    const files = new Map(this.files)
    if (this.#hasPkgInfo && !files.has('PKG-INFO')) files.set('PKG-INFO', this.metadata())
    if (!files.has('pyproject.toml')) files.set('pyproject.toml', '[build-system]\nrequires = []\n')
    const inside = [...files].map(([path, bytes]) => ({ name: `${this.#root}/${path}`, bytes }))
    const outside = [...this.#outside].map(([name, bytes]) => ({ name, bytes }))
    const bytes = writeTarGz([...inside, ...outside])
    const filename = this.givenFilename ?? `${filenamePart(this.name)}-${this.version}.tar.gz`
    return this.finish(filename, bytes, { filetype: 'sdist', pyversion: 'source' })
  }
}
