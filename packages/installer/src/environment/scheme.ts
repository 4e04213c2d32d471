/** Install schemes: the folders into which the parts of a wheel go. */

/** Absolute paths. */
export interface Scheme {
  readonly purelib: string
  readonly platlib: string
  readonly scripts: string
  /** Of all projects; each has a folder of its normalized name below. */
  readonly headers: string
  readonly data: string
}

export type SchemeKey = keyof Scheme

export const schemeKeys = ['purelib', 'platlib', 'scripts', 'headers', 'data'] as const
