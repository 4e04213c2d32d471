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

export function mapScheme(scheme: Scheme, change: (path: string) => string): Scheme {
  return {
    purelib: change(scheme.purelib),
    platlib: change(scheme.platlib),
    scripts: change(scheme.scripts),
    headers: change(scheme.headers),
    data: change(scheme.data),
  }
}

/** Puts a folder where the scheme has a hole: `{prefix}`. */
export function fillScheme(scheme: Scheme, hole: string, folder: string): Scheme {
  return mapScheme(scheme, (path) => path.replace(hole, () => folder))
}
