/** What a resolution was told: enough to find out later whether it would be told the same again. */

import type { Client } from '@cheeseshop/client'
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'

/** Marks of pages by project. */
export type Marks = ReadonlyMap<NormalizedName, string>

export class Evidence {
  readonly #client: Pick<Client, 'keepsNeeds'>
  readonly #marks = new Map<NormalizedName, string>()
  #isWhole = true

  constructor(client: Pick<Client, 'keepsNeeds'>) {
    this.#client = client
  }

  /** A page was read; one without a mark is not kept. */
  page(name: NormalizedName, mark: string | undefined): void {
    if (mark === undefined) this.#isWhole = false
    else this.#marks.set(name, mark)
  }

  /** What a file needs was read. Where it is kept it follows from the page, which tells the digest. */
  needs(file: ProjectFile): void {
    this.#isWhole &&= this.#client.keepsNeeds(file)
  }

  /** Something else was told, which may be otherwise the next time. */
  spoil(): void {
    this.#isWhole = false
  }

  /** Undefined where there was more than pages that are kept. */
  get marks(): Marks | undefined {
    return this.#isWhole ? this.#marks : undefined
  }
}

/** Whether a client would tell the same pages. Those that are no longer fresh it confirms, all at once. */
export async function wouldTell(
  client: Pick<Client, 'project' | 'mark'>,
  marks: Marks,
): Promise<boolean> {
  const unsure: NormalizedName[] = []
  for (const [name, mark] of marks) {
    const known = client.mark(name)
    if (known === undefined) unsure.push(name)
    else if (known !== mark) return false
  }
  const answers = await Promise.all(
    unsure.map(async (name) => {
      // Whatever fails is asked for again by whoever needs it, and said then.
      const found = await client.project(name).catch(() => undefined)
      return found?.mark === marks.get(name)
    }),
  )
  return answers.every((isSame) => isSame)
}
