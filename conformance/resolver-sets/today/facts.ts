/** What is kept of the public index: the wheels of a project without sizes and digests, and what some of them require. */
import { readFileSync, writeFileSync } from 'node:fs'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export interface ProjectFacts {
  /** Empty where the index has no wheel of such a project. */
  readonly files: readonly FileFacts[]
  /** By filename: the lines of METADATA that a resolver reads. */
  readonly metadata: Record<string, readonly string[]>
}

export type FileFacts = readonly [
  filename: string,
  day: string,
  requiresPython: string,
  isYanked: 0 | 1,
]

const packed = new URL('facts.jsonl.zst', import.meta.url)

/** Projects by name, each parsed when it is asked for; a changed one is set. */
export class Facts {
  readonly #projects: Map<string, ProjectFacts | string>

  private constructor(projects: Map<string, ProjectFacts | string>) {
    this.#projects = projects
  }

  static read(): Facts {
    const lines = zstdDecompressSync(readFileSync(packed)).toString('utf8').trimEnd().split('\n')
    return new Facts(new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line])))
  }

  get(name: string): ProjectFacts | undefined {
    const known = this.#projects.get(name)
    if (typeof known !== 'string') return known
    const facts: ProjectFacts = JSON.parse(known.slice(known.indexOf(' ')))
    this.#projects.set(name, facts)
    return facts
  }

  set(name: string, facts: ProjectFacts): void {
    this.#projects.set(name, facts)
  }

  /** One line for each project, in the order of names. */
  write(): void {
    const lines = [...this.#projects].map(([name, facts]) =>
      typeof facts === 'string' ? facts : `${name} ${JSON.stringify(facts)}`,
    )
    const text = `${lines.sort().join('\n')}\n`
    const params = { [constants.ZSTD_c_compressionLevel]: 19 }
    writeFileSync(packed, zstdCompressSync(text, { params }))
  }
}

const resolving = /^(Requires-Dist|Requires-Python|Provides-Extra):/i

/** The head of METADATA without what resolves nothing; those lines are never folded. */
export function linesOf(metadata: string): string[] {
  const [head = ''] = metadata.split(/\r?\n\r?\n/, 1)
  return head.split(/\r?\n/).filter((line) => resolving.test(line))
}

export function pageOf(name: string, { files }: ProjectFacts): string {
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name,
    versions: [],
    files: files.map(([filename, day, requiresPython, isYanked]) => ({
      filename,
      url: `/files/${name}/${filename}`,
      hashes: {},
      'core-metadata': true,
      'upload-time': `${day}T00:00:00Z`,
      ...(requiresPython && { 'requires-python': requiresPython }),
      ...(isYanked && { yanked: true }),
    })),
  })
}

export function metadataOf(name: string, filename: string, lines: readonly string[]): string {
  const version = filename.split('-')[1]
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines.join('\n')}\n`
}
