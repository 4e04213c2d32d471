/** Parts of JSON that somebody else wrote: what is of another kind than it should be counts as absent. */

export type Fields = Readonly<Record<string, unknown>>

/** Without a prototype, so that no field is found that is not there. */
export function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return Object.assign(Object.create(null), isObject ? value : {})
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A list of names, or one of them. */
export function namesOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.flatMap((each) => textOf(each) ?? [])
}
