/** The fields a call takes, in its query or its JSON body: one description that is both checked and published. */
import { DomainError, type Problem } from '../../domain/errors.ts'

interface FieldTypes {
  text: string
  texts: readonly string[]
  /** Whoever gets them checks what is in them. */
  objects: readonly object[]
  integer: number
  time: Date
}

export interface Field<Kind extends keyof FieldTypes = keyof FieldTypes> {
  readonly kind: Kind
  readonly help: string
  readonly isRequired?: boolean
  readonly choices?: readonly string[]
  /** Of integers. */
  readonly min?: number
  readonly max?: number
}

export type Fields = Readonly<Record<string, Field>>

export type FieldValues<Of extends Fields> = {
  readonly [Name in keyof Of]:
    | FieldTypes[Of[Name]['kind']]
    | (Of[Name] extends { isRequired: true } ? never : undefined)
}

const longestText = 10_000
const mostTexts = 1000

/** Throws DomainError `invalid` with everything that is wrong. */
export function readFields<Of extends Fields>(
  fields: Of,
  given: ReadonlyMap<string, unknown>,
): FieldValues<Of> {
  const problems: Problem[] = []
  const complain = (field: string, message: string) =>
    problems.push({ code: 'field-invalid', field, message })
  for (const name of given.keys()) {
    if (!Object.hasOwn(fields, name)) {
      const known = Object.keys(fields).join(', ') || 'none'
      complain(name, `There is no field ${quote(name)} here; the fields are ${known}.`)
    }
  }
  const values = Object.entries(fields).map(([name, field]) => {
    const value = given.get(name) ?? undefined
    if (value === undefined) {
      if (field.isRequired) complain(name, `The field ${quote(name)} is missing: ${field.help}`)
      return [name, undefined]
    }
    const read = readValue(field, value)
    if (read === undefined) complain(name, `${quote(name)} must be ${expectation(field)}.`)
    return [name, read]
  })
  if (problems.length > 0) throw new DomainError('invalid', problems)
  return Object.fromEntries(values)
}

function readValue(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'text':
      return isText(value) && (field.choices?.includes(value) ?? true) ? value : undefined
    case 'texts': {
      const allowed = (item: unknown) => isText(item) && (field.choices?.includes(item) ?? true)
      return Array.isArray(value) && value.length <= mostTexts && value.every(allowed)
        ? value
        : undefined
    }
    case 'objects': {
      const isObject = (item: unknown) => typeof item === 'object' && item !== null
      return Array.isArray(value) && value.length <= mostTexts && value.every(isObject)
        ? value
        : undefined
    }
    case 'integer': {
      const number = isText(value) && /^\d{1,15}$/.test(value) ? Number(value) : value
      const { min = 0, max = Number.MAX_SAFE_INTEGER } = field
      return Number.isSafeInteger(number) && (number as number) >= min && (number as number) <= max
        ? number
        : undefined
    }
    case 'time': {
      const isTime = isText(value) && /^\d{4}-\d\d-\d\dT[\d:.]{5,12}(Z|[+-]\d\d:\d\d)$/.test(value)
      const time = new Date(isTime ? value : Number.NaN)
      return Number.isNaN(time.getTime()) ? undefined : time
    }
  }
}

function isText(value: unknown): value is string {
  // PostgreSQL refuses a NUL.
  return typeof value === 'string' && value.length <= longestText && !value.includes('\0')
}

function expectation({ kind, choices, min, max }: Field): string {
  const oneOf = choices && `one of ${choices.join(', ')}`
  switch (kind) {
    case 'text':
      return oneOf ?? `a text of at most ${longestText} characters, none of them NUL`
    case 'texts':
      return `a list of ${oneOf === undefined ? 'texts' : `texts, each ${oneOf}`}`
    case 'objects':
      return 'a list of objects'
    case 'integer':
      return `a whole number${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`}`
    case 'time':
      return 'a time such as 2030-01-31T12:00:00Z'
  }
}

/** The same as a JSON schema. */
export function fieldSchema(field: Field): object {
  const choices = field.choices && { enum: field.choices }
  const description = field.help
  switch (field.kind) {
    case 'text':
      return { type: 'string', maxLength: longestText, ...choices, description }
    case 'texts':
      return {
        type: 'array',
        items: { type: 'string', ...choices },
        maxItems: mostTexts,
        description,
      }
    case 'objects':
      return { type: 'array', items: { type: 'object' }, maxItems: mostTexts, description }
    case 'integer':
      return { type: 'integer', minimum: field.min ?? 0, maximum: field.max, description }
    case 'time':
      return { type: 'string', format: 'date-time', description }
  }
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}
