/** What this process remembers of questions that brought no page: in bounded memory, for anybody can ask for any name. */

export type Note =
  /** The upstream has no such project. */
  | { readonly state: 'absent'; readonly until: number }
  /** It could not be asked, or answered nonsense. */
  | { readonly state: 'failed'; readonly until: number; readonly error: string }

const MOST = 20_000

export class Notes {
  readonly #notes = new Map<string, Note>()

  get(key: string, now: number): Note | undefined {
    const note = this.#notes.get(key)
    if (note === undefined || now < note.until) return note
    this.#notes.delete(key)
    return undefined
  }

  set(key: string, note: Note): void {
    this.#notes.delete(key)
    this.#notes.set(key, note)
    const [oldest] = this.#notes.keys()
    if (this.#notes.size > MOST && oldest !== undefined) this.#notes.delete(oldest)
  }

  delete(key: string): void {
    this.#notes.delete(key)
  }
}
