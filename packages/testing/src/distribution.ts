/** What wheels and sdists have in common when they are built: core metadata, files, and the form they are uploaded with. */
import { createHash } from 'node:crypto'

export interface BuiltDistribution {
  filename: string
  bytes: Uint8Array
  /** The text of METADATA or PKG-INFO, as it stands in the archive. */
  metadata: string
  /** The form a client sends with the file: fields as twine names them, MD5 and SHA-256 among them. */
  fields: Map<string, string[]>
}

// Written without the packaging package on purpose: what tests that package must not share its mistakes.

export abstract class DistributionBuilder {
  readonly name: string
  readonly version: string
  protected readonly files = new Map<string, string | Uint8Array>()
  protected givenFilename: string | undefined
  #metadataVersion = '2.4'
  #givenMetadata: string | undefined
  #description = ''
  readonly #headers: [name: string, value: string][] = []

  constructor(name: string, version: string) {
    this.name = name
    this.version = version
  }

  /** Adds a Requires-Dist for each. */
  requires(...requirements: string[]): this {
    for (const requirement of requirements) this.header('Requires-Dist', requirement)
    return this
  }

  requiresPython(specifier: string): this {
    return this.header('Requires-Python', specifier)
  }

  summary(text: string): this {
    return this.header('Summary', text)
  }

  classifiers(...classifiers: string[]): this {
    for (const classifier of classifiers) this.header('Classifier', classifier)
    return this
  }

  description(text: string, contentType?: string): this {
    this.#description = text
    return contentType ? this.header('Description-Content-Type', contentType) : this
  }

  /** Adds a metadata header, also one that is wrong. */
  header(name: string, value: string): this {
    this.#headers.push([name, value])
    return this
  }

  metadataVersion(version: string): this {
    this.#metadataVersion = version
    return this
  }

  /** The whole text of METADATA or PKG-INFO instead of the one that would be made. */
  metadataText(text: string): this {
    this.#givenMetadata = text
    return this
  }

  /** A file of the archive: in the root of a wheel, in the one folder of an sdist. */
  file(path: string, content: string | Uint8Array): this {
    this.files.set(path, content)
    return this
  }

  /** Another filename than the right one. */
  named(filename: string): this {
    this.givenFilename = filename
    return this
  }

  protected metadata(): string {
    if (this.#givenMetadata !== undefined) return this.#givenMetadata
    const lines = this.#allHeaders().map(([name, value]) => `${name}: ${value}\n`)
    return `${lines.join('')}\n${this.#description}`
  }

  protected finish(
    filename: string,
    bytes: Uint8Array,
    kind: Record<'filetype' | 'pyversion', string>,
  ): BuiltDistribution {
    const fields = new Map<string, string[]>()
    const add = (name: string, value: string) =>
      fields.set(name, [...(fields.get(name) ?? []), value])
    add(':action', 'file_upload')
    add('protocol_version', '1')
    for (const [name, value] of this.#allHeaders()) add(fieldOf(name), value)
    if (this.#description) add('description', this.#description)
    add('filetype', kind.filetype)
    add('pyversion', kind.pyversion)
    add('md5_digest', createHash('md5').update(bytes).digest('hex'))
    add('sha256_digest', createHash('sha256').update(bytes).digest('hex'))
    return { filename, bytes, metadata: this.metadata(), fields }
  }

  #allHeaders(): [name: string, value: string][] {
    return [
      ['Metadata-Version', this.#metadataVersion],
      ['Name', this.name],
      ['Version', this.version],
      ...this.#headers,
    ]
  }
}

/** PEP 503 spelling with underscores, as PEP 427 and PEP 625 want it in filenames. */
export function filenamePart(name: string): string {
  return name.replace(/[-_.]+/g, '_').toLowerCase()
}

const pluralFields: Record<string, string> = {
  classifier: 'classifiers',
  'project-url': 'project_urls',
}

function fieldOf(header: string): string {
  const name = header.toLowerCase()
  return pluralFields[name] ?? name.replaceAll('-', '_')
}
