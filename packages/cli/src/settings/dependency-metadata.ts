/** What our files say of versions whose own metadata shall not be read: `[[dependency-metadata]]`, as uv has it. */

import type { StatedMetadata } from '@cheeseshop/installer'
import {
  isValidExtra,
  normalizeName,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  tryParseName,
} from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import type { FoundTables } from './setting-source.ts'

type Table = FoundTables['tables'][number]

export interface DependencyMetadata {
  readonly stated: readonly StatedMetadata[]
  readonly origin: string
}

/** Throws `UsageError` for what is no such table, and where two of them are about the same. */
export function readDependencyMetadata(
  session: Pick<Session, 'tables'>,
): DependencyMetadata | undefined {
  const found = session.tables('dependency-metadata')
  return found && { stated: readTables(found), origin: found.origin }
}

function readTables({ tables, origin }: FoundTables): StatedMetadata[] {
  const known = new Set<string>()
  return tables.map((table) => {
    const stated = readTable(table, `${origin}: dependency-metadata`)
    const what = `${stated.name} ${stated.version?.sortKey}`
    if (known.has(what)) {
      throw new UsageError(
        `${origin}: dependency-metadata of ${describeStated(stated)} is there twice`,
      )
    }
    known.add(what)
    return stated
  })
}

/** `demo==1.0`, or `demo` for all its versions. */
export function describeStated({ name, version }: StatedMetadata): string {
  return version === undefined ? name : `${name}==${version}`
}

function readTable(table: Table, where: string): StatedMetadata {
  const name = readText(table, 'name', where)
  if (name === undefined || tryParseName(name) === undefined) {
    const said = JSON.stringify(name ?? null).slice(0, 120)
    throw new UsageError(`${where} is of no project (name = ${said})`, `write ${example}`)
  }
  const here = `${where} of ${name}`
  const strange = Object.keys(table).find((key) => !keys.includes(key))
  if (strange !== undefined) {
    const hint = `it may have ${keys.join(', ')}`
    throw new UsageError(`${here} has ${JSON.stringify(strange.slice(0, 80))}`, hint)
  }
  const [version, python] = [
    readText(table, 'version', here),
    readText(table, 'requires-python', here),
  ]
  const parsed = <Value>(parse: (text: string) => Value, text: string) =>
    parseIn(here, () => parse(text))
  return {
    name: normalizeName(name),
    version: version === undefined ? undefined : parsed(parseVersion, version),
    requires: readList(table, 'requires-dist', here).map((text) => parsed(parseRequirement, text)),
    requiresPython: python === undefined ? undefined : parsed(parseSpecifierSet, python),
    providesExtra: readList(table, 'provides-extra', here).map((text) => parsed(parseExtra, text)),
  }
}

const keys = ['name', 'version', 'requires-dist', 'requires-python', 'provides-extra']

const example = 'name = "demo", and what it requires as requires-dist = ["tomli>=2"]'

function parseExtra(text: string): StatedMetadata['providesExtra'][number] {
  if (isValidExtra(text)) return normalizeName(text)
  throw new Error(`${JSON.stringify(text.slice(0, 80))} is no name of an extra`)
}

function parseIn<Value>(where: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    throw new UsageError(`${where}: ${(error as Error).message}`)
  }
}

function readText(table: Table, key: string, where: string): string | undefined {
  const value = table[key]
  if (value === undefined || typeof value === 'string') return value
  throw new UsageError(`${where}: ${key} is no text`)
}

function readList(table: Table, key: string, where: string): readonly string[] {
  const value = table[key] ?? []
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new UsageError(`${where}: ${key} is no list of text`)
}
