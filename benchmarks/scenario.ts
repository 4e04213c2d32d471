/** What a scenario is and what it finds: one short file each in scenarios/, listed in main.ts. */

export interface Scenario {
  /** The argument of `npm run bench` and the name of its results. */
  name: string
  title: string
  run(options: RunOptions): Promise<Findings>
}

export interface RunOptions {
  /** Small sizes and few rounds: for working on a scenario, never for results. */
  quick: boolean
}

export interface Findings {
  tables: Table[]
  targets: Target[]
  /** How it was measured, and what the figures do not say. */
  notes: string[]
  /** What could not be had, as sentences that say what to install. */
  missing: string[]
}

export interface Table {
  caption: string
  columns: string[]
  /** Numbers are rounded to three digits when they are shown, and kept whole in the JSON. */
  rows: (string | number)[][]
}

export interface Target {
  /** `hot page, ratio to nginx`. */
  what: string
  measured: number
  unit: string
  atLeast?: number
  atMost?: number
}

export function isMet({ measured, atLeast = -Infinity, atMost = Infinity }: Target): boolean {
  return measured >= atLeast && measured <= atMost
}
