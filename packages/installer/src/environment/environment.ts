/** An environment: an interpreter, and the folders that projects are installed to and found in. */
import type { Interpreter } from './interpreter.ts'
import type { Scheme } from './scheme.ts'

export interface Environment {
  readonly interpreter: Interpreter
  /** Where files are put. */
  readonly scheme: Scheme
  /** Where installed projects are looked for; of two with one name, that of the first folder counts. */
  readonly sitePackages: readonly string[]
}
