/** A tool that installs: how it is called for each thing that is measured. */

export interface Installer {
  /** `uv 0.13.9`. */
  readonly name: string
  /** Brings a place to where the requirements are met, or only says what it would do. */
  install(place: Place, requirements: readonly string[], options?: InstallOptions): Call
  list(place: Place): Call
}

export interface InstallOptions {
  readonly dryRun?: boolean
  readonly compile?: boolean
}

export interface Place {
  /** The folder of a virtual environment. */
  readonly environment: string
  readonly cache: string
  /** Root of a simple API. */
  readonly index: string
}

/** A program with everything that it is told. */
export interface Call {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}
