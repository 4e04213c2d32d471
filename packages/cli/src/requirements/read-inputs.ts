/** Reads everything that was asked for: words, files of requirements and what those refer to. */

import { resolve } from 'node:path'
import { localFolder } from '@cheeseshop/installer'
import { UsageError } from '../report/usage-error.ts'
import { addLineOptions, emptyInputs, type Inputs, isEmpty, type LineOptions } from './inputs.ts'
import { type LockReading, readLock, readLockName } from './lock-request.ts'
import { type GroupName, readGroup, readGroupName } from './read-group.ts'
import { requireScriptMetadata } from './read-script.ts'
import { findText, type ReadUrl, type TextBase, type TextSource } from './read-text.ts'
import { readWord, type Word } from './read-word.ts'
import { type FileLine, readRequirementsFile } from './requirements-file.ts'

export interface InputsRequest {
  readonly words: readonly string[]
  readonly editable?: readonly string[]
  readonly requirement: readonly string[]
  readonly constraint: readonly string[]
  readonly override: readonly string[]
  /** `[PATH:]NAME` */
  readonly group?: readonly string[]
  /** Scripts with inline metadata. */
  readonly script?: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Without it, files are not read from URLs. */
  readonly readUrl?: ReadUrl
}

type List = 'requirements' | 'constraints' | 'overrides'

/** Throws `UsageError`, and what `readUrl` throws. */
export async function readInputs(request: InputsRequest): Promise<Inputs> {
  const reader = new InputReader(request)
  const place = {
    name: 'the command line',
    list: 'requirements',
    folders: [request.folder],
  } as const
  const line = { isEditable: false, hashes: [], configSettings: [] }
  for (const text of request.words) reader.add({ ...line, text }, place)
  for (const text of request.editable ?? []) reader.add({ ...line, text, isEditable: true }, place)
  const groups = (request.group ?? []).map(readGroupName)
  for (const each of groups) if (!each.isOfLock) await reader.addGroup(each)
  for (const name of request.script ?? []) await reader.addScript(name)
  const isLock = (name: string) => readLockName(name) !== undefined
  const files: [List, readonly string[]][] = [
    ['requirements', request.requirement.filter((name) => !isLock(name))],
    ['constraints', request.constraint],
    ['overrides', request.override],
  ]
  for (const [list, names] of files) {
    for (const name of names) await reader.read(name, { folder: request.folder }, list)
  }
  const names = request.requirement.flatMap((name) => readLockName(name) ?? [])
  await reader.addLock(
    names,
    groups.filter(({ isOfLock }) => isOfLock),
  )
  return reader.inputs
}

/** Where something is asked for. */
interface Place {
  /** For people. */
  readonly name: string
  readonly list: List
  /** In which paths are looked for; none in what comes from a server. */
  readonly folders: readonly string[]
}

type Ask = Pick<Extract<FileLine, { kind: 'requirement' }>, 'text' | 'isEditable'> & LineOptions

class InputReader {
  readonly inputs: Inputs = emptyInputs()
  readonly #request: InputsRequest
  readonly #open = new Set<string>()

  constructor(request: InputsRequest) {
    this.#request = request
  }

  async read(name: string, base: TextBase, list: List): Promise<void> {
    refuseOtherForms(name)
    const text = findText(name, base, this.#request.readUrl)
    const key = `${list} ${text.key}`
    if (this.#open.has(key)) throw new UsageError(`${name} includes itself`)
    this.#open.add(key)
    // A server must not learn what variables hold by asking for URLs with them.
    const variables = text.isRemote ? {} : this.#request.environment
    for (const line of readRequirementsFile(await text.read(), text.name, variables)) {
      await located(text.name, line.at, () => this.#addLine(line, text, list))
    }
    this.#open.delete(key)
  }

  async addGroup(name: GroupName): Promise<void> {
    const origin = `the group ${name.group} of ${name.path}`
    for (const requirement of await readGroup(name, this.#request.folder)) {
      this.inputs.requirements.push({ requirement, origin })
    }
  }

  async addScript(name: string): Promise<void> {
    const { folder, readUrl } = this.#request
    const text = findText(name, { folder }, readUrl)
    const script = requireScriptMetadata(await text.read(), text.name)
    const { dependencies, requiresPython } = script
    for (const requirement of dependencies) {
      this.inputs.requirements.push({ requirement, origin: text.name })
    }
    if (requiresPython) this.inputs.pythons.push({ specifier: requiresPython, origin: text.name })
  }

  async addLock(names: LockReading['names'], groups: readonly GroupName[]): Promise<void> {
    const { folder, readUrl } = this.#request
    const lock = await readLock({ names, groups, folder, readUrl })
    if (lock === undefined) return
    if (!isEmpty(this.inputs)) {
      throw new UsageError(
        `${lock.name} is a lock, and says by itself what is installed: nothing can be asked for beside it`,
        'install the rest in a run of its own',
      )
    }
    this.inputs.lock = lock
  }

  add(ask: Ask, { name, list, folders }: Place): void {
    const word = readWord(ask.hashes.length > 0 ? withoutUrlHash(ask.text) : ask.text, folders)
    if (list !== 'requirements') refuseAsLimit(word, ask)
    if (list === 'constraints') refuseExtras(word)
    if (ask.isEditable) this.inputs.editables.add(editableUrl(word, ask.text))
    if ('source' in word) {
      this.inputs.unnamed.push({ ...word, ...ask, origin: name })
      this.inputs.addressSettings.set(word.source.url, ask.configSettings)
    } else {
      const { requirement } = word
      this.inputs[list].push({ requirement, origin: name })
      addLineOptions(this.inputs, requirement, ask)
    }
  }

  async #addLine(line: FileLine, text: TextSource, list: List): Promise<void> {
    if (line.kind === 'option') return this.#addOption(line, text, list)
    // pip takes paths from where it runs; from where the file stands is what most people expect.
    const own = 'folder' in text.base ? [text.base.folder] : []
    const folders = text.isRemote ? [] : [this.#request.folder, ...own]
    if (text.isRemote && /(^|@\s*)(\.|\/|(git\+)?file:)/i.test(line.text)) {
      throw new UsageError(
        `${line.text.slice(0, 200)} is on this machine, and a server may not ask for it`,
      )
    }
    this.add(line, { name: text.name, list, folders })
  }

  async #addOption(
    { name, value }: Extract<FileLine, { kind: 'option' }>,
    { base }: TextSource,
    list: List,
  ): Promise<void> {
    if (name === 'requirement' && readLockName(value)) {
      throw new UsageError(`${value} is a lock, and those are named on the command line`)
    }
    if (name === 'requirement' || name === 'constraint') {
      return this.read(value, base, name === 'constraint' ? 'constraints' : list)
    }
    if (!fileOptions.has(name)) throw new UsageError(`--${name} cannot stand in a file`)
    const isFolder = name === 'find-links' && !/^\w+:/.test(value)
    if (isFolder && 'url' in base) {
      throw new UsageError(
        `--find-links ${value} is on this machine, and a server may not ask for it`,
      )
    }
    const known = this.inputs.options.get(name) ?? []
    const found = isFolder && 'folder' in base ? resolve(base.folder, value) : value
    this.inputs.options.set(name, [...known, found])
  }
}

/** Files that say what is required in a form of their own. */
function refuseOtherForms(name: string): void {
  const other = /(?:^|[\\/])pyproject\.toml$/.test(name)
    ? '--only-deps FOLDER takes what its project requires, --group NAME a group of it'
    : /\.pyw?$/.test(name) && `--requirements-from-script ${name}`
  if (other) throw new UsageError(`${name} is no list of requirements`, other)
}

/** As in pip, the hashes of a line count in place of the one in its URL. */
function withoutUrlHash(text: string): string {
  return text.replace(/(?<=[#&])(?:md5|sha\d{1,3})=[^&;\s]*&?/g, '').replace(/[#&](?=\s|$)/, '')
}

/** Adds the file and the line to what is wrong there. */
async function located(name: string, line: number, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof UsageError) || /, line \d+: /.test(error.message)) throw error
    throw new UsageError(`${name}, line ${line}: ${error.message}`, ...error.hints)
  }
}

/** Constraints and overrides stand for names. */
function refuseAsLimit(word: Word, { text, isEditable }: Ask): void {
  if ('source' in word) {
    throw new UsageError(`${text} has no name, and a constraint needs one`, 'write NAME @ URL')
  }
  if (isEditable) throw new UsageError(`${text}: a constraint cannot be editable`)
}

/** pip's rule: a constraint says which version, and who requires it which extras. */
function refuseExtras(word: Word): void {
  if ('source' in word || word.requirement.extras.length === 0) return
  const { name, extras } = word.requirement
  throw new UsageError(
    `${name}[${extras}]: a constraint cannot have extras`,
    `leave [${extras}] away here, and ask for it where ${name} is required`,
  )
}

/** PEP 660 is about folders: only those can be changed after they were installed. */
function editableUrl(word: Word, text: string): string {
  const { url } = 'source' in word ? word.source : word.requirement
  if (url?.startsWith('git+') || (url && localFolder(url) !== undefined)) return url
  throw new UsageError(
    `${text.slice(0, 200)} cannot be installed as editable: it is no folder and no git repository`,
    'name the folder of a project, or leave --editable away',
  )
}

/** pip's "supported options" of such files. */
const fileOptions = new Set(
  'index-url extra-index-url no-index find-links no-binary only-binary prefer-binary all-releases only-final require-hashes pre trusted-host use-feature'.split(
    ' ',
  ),
)
