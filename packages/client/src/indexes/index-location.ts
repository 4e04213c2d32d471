/** Where files are looked for. */

/** One place that was asked, as it may be shown. */
export interface IndexLocation {
  readonly kind: 'index' | 'find-links'
  /** Without credentials; ends with "/" for an index. */
  readonly url: string
  readonly name?: string
}
