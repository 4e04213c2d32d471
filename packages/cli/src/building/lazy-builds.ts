/** Builds for commands that may need none: nothing is opened before the first source has to be built. */
import type { Client } from '@cheeseshop/client'
import type {
  BuildEvent,
  BuildMetadata,
  FileRules,
  Interpreter,
  PrepareTools,
  ReadDirect,
} from '@cheeseshop/installer'
import { SourceBuilds, WheelCache } from '@cheeseshop/installer'
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import type { Progress } from '../report/progress.ts'
import type { Inputs } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'
import { type BuildValues, readBuildSettings } from './build-settings.ts'
import { readConfigSettings } from './read-config-settings.ts'
import { showBuild } from './show-build.ts'

export interface LazyBuildsParts {
  readonly session: Session
  readonly values: BuildValues
  readonly client: Client
  readonly hasIndexes: boolean
  readonly files: FileRules
  readonly interpreter: Interpreter
  readonly progress: Progress
  /** What requirements say of builds: which folders are to be links, and settings for backends. */
  readonly inputs?: Pick<Inputs, 'editables' | 'configSettings' | 'addressSettings'>
  /** A folder with files that need not be fetched, where their digest is known. */
  readonly shelf?: string | undefined
  /** Build also what was built before. */
  readonly refresh?: boolean
}

export class LazyBuilds implements AsyncDisposable {
  readonly #parts: LazyBuildsParts
  readonly #stack = new AsyncDisposableStack()
  #opened: Promise<SourceBuilds> | undefined

  constructor(parts: LazyBuildsParts) {
    this.#parts = parts
  }

  readonly buildMetadata: BuildMetadata = async (candidate, file) =>
    (await this.open()).buildMetadata(candidate, file)

  readonly readDirect: ReadDirect = async (reference) => (await this.open()).readDirect(reference)

  readonly buildWheel: PrepareTools['buildWheel'] = async (planned) =>
    (await this.open()).buildWheel(planned)

  /** Where a file is that was fetched to be built: it need not be fetched again. */
  async fetched(file: ProjectFile): Promise<string | undefined> {
    return (await this.#opened)?.fetched(file)
  }

  open(): Promise<SourceBuilds> {
    this.#opened ??= this.#load()
    return this.#opened
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }

  async #load(): Promise<SourceBuilds> {
    const { session, values, progress, refresh, inputs, ...tools } = this.#parts
    const onEvent = (event: BuildEvent) => showBuild(event, session.printer, progress)
    const wheels = this.#stack.use(new WheelCache(session.cache))
    const settings = await readBuildSettings(session, values, { ...tools, onEvent })
    const ofLines = inputs?.configSettings ?? []
    const ofAddress = (address = '') => inputs?.addressSettings.get(address) ?? []
    const options = {
      ...settings,
      ...tools,
      wheels,
      ...(refresh && { refresh }),
      ...(inputs && { editables: inputs.editables }),
      // Read when they are wanted: some are known only when a source has said its name.
      settings: (project: NormalizedName | undefined, address?: string) => {
        const given = [...values['config-settings'], ...ofLines, ...ofAddress(address)]
        return readConfigSettings(given)(project)
      },
    }
    return this.#stack.use(new SourceBuilds(options))
  }
}
