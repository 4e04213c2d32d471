/** Compiled Python files (.pyc) of cached wheels. */

/** The .pyc files of one wheel for one kind of interpreter. */
export interface CompiledWheel {
  /** The folder they lie in, at the places they have in site-packages. */
  readonly from: string
  readonly folders: readonly string[]
  readonly paths: readonly string[]
}
