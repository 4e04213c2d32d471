/** From settings to the places that a client asks. */

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { UsageError } from '../report/usage-error.ts'

export interface IndexSettings {
  /** In the order they are asked. */
  readonly indexes: readonly { readonly url: string }[]
  readonly findLinks: readonly string[]
  readonly strategy: 'first-index' | 'best-match'
}

export interface IndexSettingsRequest {
  readonly values: ValuesOf<typeof indexOptions>
  /** Options that files of requirements set. */
  readonly fromFiles: ReadonlyMap<string, readonly string[]>
  readonly folder: string
  /** Asked only when nothing else names an index. */
  readonly defaultIndex: () => Promise<string | undefined>
}

/** The main index comes last: those that are added know what it should not be asked for. */
export async function readIndexSettings(request: IndexSettingsRequest): Promise<IndexSettings> {
  const { values, fromFiles, folder } = request
  const inFiles = (name: string) => fromFiles.get(name) ?? []
  const findLinks = [...values['find-links'], ...inFiles('find-links')]
  const strategy =
    values['index-strategy'] === undefined || values['index-strategy'] === 'first-index'
      ? 'first-index'
      : 'best-match'
  const places = { findLinks: findLinks.map((each) => toPlace(each, folder)), strategy } as const
  if (values['no-index'] || fromFiles.has('no-index')) return { ...places, indexes: [] }
  const main = inFiles('index-url').at(-1) ?? values['index-url'] ?? (await request.defaultIndex())
  const extra = [...values['extra-index-url'], ...inFiles('extra-index-url')]
  if (main === undefined && extra.length === 0 && findLinks.length === 0) {
    throw new UsageError(
      'no index is set, and there is no pip in the environment that would know one',
      'name one with --index-url, CHEESE_INDEX_URL, or index-url in cheese.toml or pip.conf',
    )
  }
  const urls = [...extra, ...(main === undefined ? [] : [main])]
  return { ...places, indexes: [...new Set(urls)].map((url) => ({ url: toUrl(url, folder) })) }
}

/** A folder may stand for an index. Throws `UsageError` for a word that is neither a URL nor a folder. */
function toUrl(text: string, folder: string): string {
  if (/^[a-z][a-z+.-]*:/i.test(text)) return text
  const path = resolve(folder, text)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return pathToFileURL(`${path}/`).href
  // A URL without its https:// may have a password.
  const shown = text.slice(0, 200).replace(/[^/]*@/g, '****@')
  throw new UsageError(
    `${JSON.stringify(shown)} is no index: it is no URL, and there is no folder ${resolve(folder, shown)}`,
    'correct --index-url or --extra-index-url; a URL begins with https:// or file:///',
  )
}

function toPlace(text: string, folder: string): string {
  return /^[a-z][a-z+.-]*:/i.test(text) ? text : resolve(folder, text)
}
