/** Everything that was asked for: words, files of requirements and what those refer to. */

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidMarker, type NormalizedName, type Requirement } from '@cheeseshop/packaging'
import type { StatedRequirement } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'
import { readWord } from './read-word.ts'
import { type FileLine, readRequirementsFile } from './requirements-file.ts'

export interface Inputs {
  readonly requirements: StatedRequirement[]
  readonly constraints: StatedRequirement[]
  readonly overrides: StatedRequirement[]
  /** By project; both of requirements and of constraints. */
  readonly hashes: Map<NormalizedName, string[]>
  /** Options that files set: `index-url`, `find-links`, ... */
  readonly options: Map<string, string[]>
}

export interface InputsRequest {
  readonly words: readonly string[]
  readonly requirement: readonly string[]
  readonly constraint: readonly string[]
  readonly override: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

type List = 'requirements' | 'constraints' | 'overrides'

/** Throws `UsageError`. */
export function readInputs(request: InputsRequest): Inputs {
  const inputs = emptyInputs()
  const reader = new InputReader(inputs, request)
  for (const word of request.words) {
    inputs.requirements.push({
      requirement: readWord(word, request.folder),
      origin: 'the command line',
    })
  }
  const files: [List, readonly string[]][] = [
    ['requirements', request.requirement],
    ['constraints', request.constraint],
    ['overrides', request.override],
  ]
  for (const [list, paths] of files) {
    for (const path of paths) reader.read(path, request.folder, list)
  }
  return inputs
}

export function emptyInputs(): Inputs {
  return {
    requirements: [],
    constraints: [],
    overrides: [],
    hashes: new Map(),
    options: new Map(),
  }
}

class InputReader {
  readonly #inputs: Inputs
  readonly #request: InputsRequest
  readonly #open = new Set<string>()

  constructor(inputs: Inputs, request: InputsRequest) {
    this.#inputs = inputs
    this.#request = request
  }

  read(name: string, folder: string, list: List): void {
    const path = this.#locate(name, folder)
    const key = `${list} ${path}`
    if (this.#open.has(key)) throw new UsageError(`${name} includes itself`)
    this.#open.add(key)
    const text = readText(path === '-' ? 0 : path, name)
    for (const line of readRequirementsFile(text, name, this.#request.environment)) {
      const at = { name, folder: path === '-' ? folder : dirname(path), list }
      if (line.kind === 'requirement') this.#addRequirement(line, at)
      else this.#addOption(line, at)
    }
    this.#open.delete(key)
  }

  #locate(name: string, folder: string): string {
    if (name === '-') return name
    if (name.startsWith('file:')) return fileURLToPath(name)
    if (!/^https?:/i.test(name)) return resolve(folder, name)
    throw new UsageError(
      `${name.slice(0, 200)}: files of requirements are not read from URLs yet`,
      'download it, and name the file',
    )
  }

  #addRequirement(
    { text, hashes, at }: Extract<FileLine, { kind: 'requirement' }>,
    { name, folder, list }: Place,
  ): void {
    const requirement = this.#readRequirement(text, folder, `${name}, line ${at}`)
    this.#inputs[list].push({ requirement, origin: name })
    if (hashes.length === 0) return
    const known = this.#inputs.hashes.get(requirement.normalizedName) ?? []
    this.#inputs.hashes.set(requirement.normalizedName, [...new Set([...known, ...hashes])])
  }

  #readRequirement(text: string, folder: string, where: string): Requirement {
    try {
      return readWord(text, folder)
    } catch (error) {
      if (error instanceof UsageError)
        throw new UsageError(`${where}: ${error.message}`, ...error.hints)
      if (error instanceof InvalidMarker) throw new UsageError(`${where}: ${error.message}`)
      throw error
    }
  }

  #addOption(
    line: Extract<FileLine, { kind: 'option' }>,
    { name: file, folder, list }: Place,
  ): void {
    const { name, value } = line
    if (name === 'requirement' || name === 'constraint') {
      this.read(value, folder, name === 'constraint' ? 'constraints' : list)
      return
    }
    if (name === 'editable') {
      throw new UsageError(`${file}, line ${line.at}: installing as editable is not supported yet`)
    }
    if (!fileOptions.has(name))
      throw new UsageError(`${file}, line ${line.at}: --${name} cannot stand in a file`)
    const isFolder = name === 'find-links' && !/^\w+:/.test(value)
    const known = this.#inputs.options.get(name) ?? []
    this.#inputs.options.set(name, [...known, isFolder ? resolve(folder, value) : value])
  }
}

interface Place {
  readonly name: string
  readonly folder: string
  readonly list: List
}

/** pip's "supported options" of such files. */
const fileOptions = new Set(
  'index-url extra-index-url no-index find-links no-binary only-binary prefer-binary require-hashes pre trusted-host use-feature'.split(
    ' ',
  ),
)

function readText(path: string | 0, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(
      `${name} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code}`,
    )
  }
}
