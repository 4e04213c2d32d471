/** Reads the advisories in an OSV archive: a zip of JSON files, one JSON file, or a folder of them. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArchive, openFileSource, Zip } from '@cheeseshop/archive'
import { DomainError } from '../errors.ts'
import type { Advisory } from './advisory.ts'
import { readOsv } from './read-osv.ts'

/** The archive of the whole ecosystem has some 20,000 records, the longest below a megabyte. */
const mostEntries = 500_000
const largestRecord = 4 * 2 ** 20

/** DomainError `invalid` for a file that is neither a zip nor JSON. Records that make no sense are left out. */
export async function* openAdvisories(path: string): AsyncGenerator<Advisory> {
  for await (const record of recordsOf(path)) yield* readOsv(record)
}

async function* recordsOf(path: string): AsyncGenerator<unknown> {
  const found = await stat(path).catch((error: Error) => {
    throw new DomainError('invalid', `${path} cannot be read: ${error.message}`)
  })
  if (found.isDirectory()) {
    for (const name of (await readdir(path)).filter(isJson).sort()) {
      yield parse(name, await readFile(join(path, name), 'utf8'))
    }
  } else if (isJson(path)) {
    const value = parse(path, await readFile(path, 'utf8'))
    yield* Array.isArray(value) ? value : [value]
  } else yield* zippedRecords(path)
}

async function* zippedRecords(path: string): AsyncGenerator<unknown> {
  await using source = await openFileSource(path)
  try {
    const zip = await Zip.open(source, { entries: mostEntries })
    for (const entry of zip.entries) {
      if (!isJson(entry.name)) continue
      const bytes = await zip.read(entry, largestRecord)
      yield parse(entry.name, Buffer.from(bytes).toString())
    }
  } catch (error) {
    if (!(error instanceof InvalidArchive)) throw error
    throw new DomainError('invalid', `${path} is no archive of advisories: ${error.message}`)
  }
}

const isJson = (name: string) => name.endsWith('.json')

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DomainError('invalid', `${name} is not JSON: ${(error as Error).message}`)
  }
}
