/** Builds for commands that may need none: nothing is loaded before the first source has to be built. */
import type { Client } from '@cheeseshop/client'
import type {
  BuildEvent,
  BuildMetadata,
  FileRules,
  Interpreter,
  PrepareTools,
  SourceBuilds,
} from '@cheeseshop/installer'
import type { Progress } from '../report/progress.ts'
import type { Session } from '../session.ts'
import { type BuildValues, readBuildSettings } from './build-settings.ts'
import { showBuild } from './show-build.ts'

export interface LazyBuildsParts {
  readonly session: Session
  readonly values: BuildValues
  readonly client: Client
  readonly hasIndexes: boolean
  readonly files: FileRules
  readonly interpreter: Interpreter
  readonly progress: Progress
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

  readonly buildWheel: PrepareTools['buildWheel'] = async (file, planned) =>
    (await this.open()).buildWheel(file, planned)

  open(): Promise<SourceBuilds> {
    this.#opened ??= this.#load()
    return this.#opened
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }

  async #load(): Promise<SourceBuilds> {
    const { session, values, progress, refresh, ...tools } = this.#parts
    const { SourceBuilds, WheelCache } = await import('@cheeseshop/installer')
    const onEvent = (event: BuildEvent) => showBuild(event, session.printer, progress)
    const wheels = this.#stack.use(new WheelCache(session.cache))
    const settings = readBuildSettings(session, values, { ...tools, onEvent })
    return this.#stack.use(
      new SourceBuilds({ ...settings, ...tools, wheels, ...(refresh && { refresh }) }),
    )
  }
}
