/** Builds wheels for tests: good ones, and ones that are wrong in the way a test needs. */
import { createHash } from 'node:crypto'
import { writeZip } from '@cheeseshop/archive'
import { type BuiltDistribution, DistributionBuilder, filenamePart } from './distribution.ts'

/** `wheel('demo', '1.0').requires('x>=2').file('demo/__init__.py', '').build()` */
export function wheel(name: string, version: string): WheelBuilder {
  return new WheelBuilder(name, version)
}

export class WheelBuilder extends DistributionBuilder {
  #tag = 'py3-none-any'
  #build = ''
  #distInfo = `${filenamePart(this.name)}-${this.version}.dist-info`
  readonly #left = new Set<string>()
  #editRecord = (record: string) => record

  /** `cp312-cp312-manylinux_2_28_x86_64`, also compressed. */
  tag(tag: string): this {
    this.#tag = tag
    return this
  }

  buildTag(build: string): this {
    this.#build = `-${build}`
    return this
  }

  /** A file in the dist-info folder; also replaces METADATA, WHEEL or RECORD. */
  distInfoFile(path: string, content: string | Uint8Array): this {
    return this.file(`${this.#distInfo}/${path}`, content)
  }

  entryPoints(text: string): this {
    return this.distInfoFile('entry_points.txt', text)
  }

  /** A licence file (PEP 639), in the metadata and in the wheel. */
  licenseFile(path: string, text: string): this {
    return this.header('License-File', path).distInfoFile(`licenses/${path}`, text)
  }

  /** Leaves out METADATA, WHEEL or RECORD. */
  without(...names: ('METADATA' | 'WHEEL' | 'RECORD')[]): this {
    for (const name of names) this.#left.add(name)
    return this
  }

  /** Another dist-info folder than the right one; call it before adding files to it. */
  distInfo(folder: string): this {
    this.#distInfo = folder
    return this
  }

  /** Changes the text of RECORD after it was made. */
  editRecord(edit: (record: string) => string): this {
    this.#editRecord = edit
    return this
  }

  build(): BuiltDistribution {
    const entries = new Map(this.files)
    const add = (name: string, content: () => string) => {
      const path = `${this.#distInfo}/${name}`
      if (!this.#left.has(name) && !entries.has(path)) entries.set(path, content())
    }
    add('METADATA', () => this.metadata())
    add('WHEEL', () => wheelText(this.#tag))
    add('RECORD', () => this.#editRecord(recordText(entries, `${this.#distInfo}/RECORD`)))
    const bytes = writeZip([...entries].map(([name, content]) => ({ name, bytes: content })))
    const stem = `${filenamePart(this.name)}-${this.version}${this.#build}-${this.#tag}`
    return this.finish(this.givenFilename ?? `${stem}.whl`, bytes, {
      filetype: 'bdist_wheel',
      pyversion: this.#tag.split('-')[0]!,
    })
  }
}

function wheelText(tag: string): string {
  const pure = tag.endsWith('-none-any')
  const [python = '', abi = '', platform = ''] = tag.split('-').map((part) => part.split('.'))
  const lines = ['Wheel-Version: 1.0', 'Generator: cheeseshop-testing', `Root-Is-Purelib: ${pure}`]
  for (const p of python) {
    for (const a of abi) for (const f of platform) lines.push(`Tag: ${p}-${a}-${f}`)
  }
  return `${lines.join('\n')}\n`
}

function recordText(entries: ReadonlyMap<string, string | Uint8Array>, recordPath: string): string {
  const lines = [...entries].map(([path, content]) => {
    const bytes = Buffer.from(content as string)
    const digest = createHash('sha256').update(bytes).digest('base64url')
    return `${quoted(path)},sha256=${digest},${bytes.length}\n`
  })
  return `${lines.join('')}${quoted(recordPath)},,\n`
}

function quoted(path: string): string {
  return /[",\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path
}
