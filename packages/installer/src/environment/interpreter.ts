/** A Python interpreter: what it says of itself, and what follows from that. */
import {
  type InterpreterDescription,
  type MarkerEnvironment,
  parseVersion,
  supportedTags,
  type Tag,
  type Version,
} from '@cheeseshop/packaging'
import type { Scheme } from './scheme.ts'

/** What reading an interpreter yields: plain data, kept in the cache as JSON. */
export interface InterpreterFacts {
  /** `sys.executable`: what shebangs name. Links are not followed: a virtual environment has its own. */
  readonly executable: string
  /** `sys.prefix`: the folder of a virtual environment. */
  readonly prefix: string
  /** `sys.base_prefix`: equal to `prefix` outside of virtual environments. */
  readonly basePrefix: string
  /** What virtual environments are made from. */
  readonly baseExecutable: string
  /** The folder of the standard library, where EXTERNALLY-MANAGED may be (PEP 668). */
  readonly stdlib: string
  readonly markers: MarkerEnvironment
  readonly description: InterpreterDescription
  /** `cpython-311`: in the names of compiled files. */
  readonly cacheTag: string
  /** Where things are installed by default. */
  readonly paths: Scheme
  /** The same for `--prefix`, with `{prefix}` where the folder goes. */
  readonly prefixPaths: Scheme
  /** The same in a virtual environment of this interpreter, with `{prefix}` where its folder goes. */
  readonly virtualPaths: Scheme
  /** The same for `--user`, with `{userbase}`. */
  readonly userPaths: Scheme
  readonly userBase: string
  /** Folders that may hold installed projects, as `site` gives them, in the order of `sys.path`. */
  readonly sitePackages: readonly string[]
  /** Whether a virtual environment shows what is installed outside of it. */
  readonly hasSystemSitePackages: boolean
}

export class Interpreter {
  readonly facts: InterpreterFacts
  /** Of the language: `python_full_version`. */
  readonly version: Version
  #tags: readonly Tag[] | undefined

  constructor(facts: InterpreterFacts) {
    this.facts = facts
    // Interpreters built from a checkout call themselves "3.14.0+", which is no version.
    this.version = parseVersion(facts.markers.python_full_version.replace(/\+$/, '+local'))
  }

  get executable(): string {
    return this.facts.executable
  }

  get markers(): MarkerEnvironment {
    return this.facts.markers
  }

  /** `3.12`, as in the names of folders. */
  get shortVersion(): string {
    return this.facts.description.version.join('.')
  }

  get isVirtual(): boolean {
    return this.facts.prefix !== this.facts.basePrefix
  }

  /** Supported tags, best first. */
  get tags(): readonly Tag[] {
    this.#tags ??= supportedTags(this.facts.description)
    return this.#tags
  }
}
