/** The public index, read through our own client as pip's configuration names it: each page and each METADATA once. */
import {
  askDefaultIndex,
  type Client,
  openClient,
  readPipSettings,
} from '../../../packages/client/src/mod.ts'
import { normalizeName } from '../../../packages/packaging/src/mod.ts'
import { type FileFacts, linesOf, type ProjectFacts } from './facts.ts'

export class PublicIndex implements Disposable {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  /** Few questions at a time: nobody waits for a recording. */
  static async open(): Promise<PublicIndex> {
    const { indexUrl, network, credentials } = readPipSettings({ environment: process.env })
    const url = indexUrl ?? (await askDefaultIndex('python3'))
    if (url === undefined) throw new Error('pip names no index; set PIP_INDEX_URL')
    const concurrency = { requests: 4, downloads: 1 }
    return new PublicIndex(
      openClient({ indexes: [{ url }], network: { ...network, concurrency }, credentials }),
    )
  }

  async project(name: string): Promise<ProjectFacts> {
    const found = await this.#client.project(normalizeName(name))
    const wheels = found?.table.files().filter(({ filename }) => filename.endsWith('.whl')) ?? []
    return {
      files: wheels.map(({ filename, uploadTime = '', requiresPython = '', yanked }): FileFacts => {
        return [filename, uploadTime.slice(0, 10), requiresPython, yanked === false ? 0 : 1]
      }),
      metadata: {},
    }
  }

  async metadata(name: string, filename: string): Promise<readonly string[]> {
    const found = await this.#client.project(normalizeName(name))
    const file = found?.table.files().find((each) => each.filename === filename)
    const bytes = file && (await this.#client.metadata(file))
    if (bytes === undefined) throw new Error(`There is no metadata of ${filename}`)
    return linesOf(new TextDecoder().decode(bytes))
  }

  [Symbol.dispose](): void {
    this.#client.close()
  }
}
