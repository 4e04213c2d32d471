/**
 * Where the files of a page in JSON stand, and what a search asks of each, without a value for any of them: of the ten
 * thousand files of a page an installer wants one.
 */

import { FileScanner, type ListedFiles } from './file-scanner.ts'
import type { JsonObject } from './json-values.ts'
import { InvalidSimplePage, type ProjectDetail, type ProjectFile } from './model.ts'
import { PageUrls } from './page-urls.ts'
import { parsePage, readDetail, readFile } from './read-json.ts'
import { hasAdditions } from './resolver-page.ts'

export interface ListedPage {
  readonly detail: Omit<ProjectDetail, 'files'>
  readonly files: ListedFiles
}

/**
 * What `readProjectDetail` finds, with the files as they are written. Undefined for a page that must be read as a whole:
 * one that is broken, leaves something out, or says more of files than the standard does.
 *
 * @example
 * ```ts
 * const page = Buffer.from('{"meta":{},"files":[{"filename":"demo-1.0.tar.gz","url":"../demo-1.0.tar.gz"}]}')
 * const { files } = listProjectFiles(page, 'https://index.example/simple/demo/')
 * files.filenames // ['demo-1.0.tar.gz']
 * page.toString('utf8', files.starts[0], files.ends[0]) // '{"filename":"demo-1.0.tar.gz","url":"../demo-1.0.tar.gz"}'
 * ```
 */
export function listProjectFiles(body: Buffer, baseUrl: string): ListedPage | undefined {
  const start = listStart(body)
  if (start === undefined) return undefined
  const scanner = new FileScanner(body, new PageUrls(baseUrl))
  const end = scanner.scan(start)
  // Else it may be another list that has this name.
  if (end === undefined || body.includes('"files"', end)) return undefined
  const around = parse(Buffer.concat([body.subarray(0, start), body.subarray(end)]))
  const files = around?.['files']
  if (!around || !Array.isArray(files) || files.length > 0 || hasAdditions(around)) return undefined
  return { detail: readDetail(around), files: scanner.files }
}

/**
 * A file from its text on a page that `listProjectFiles` has read. Throws `InvalidSimplePage` for what is no JSON.
 *
 * @example
 * ```ts
 * const text = '{"filename":"demo-1.0.tar.gz","url":"../demo-1.0.tar.gz"}'
 * readListedFile(text, 'https://index.example/simple/demo/').url // 'https://index.example/simple/demo-1.0.tar.gz'
 * ```
 */
export function readListedFile(text: string, baseUrl: string): ProjectFile {
  const file = readFile(parsePage(text), new PageUrls(baseUrl))
  if (file !== undefined) return file
  throw new InvalidSimplePage('malformed', `The page ${baseUrl} contradicts itself.`)
}

/** Behind the first bracket of the files. */
function listStart(body: Buffer): number | undefined {
  const key = body.indexOf('"files"')
  if (key < 0) return undefined
  const begin = /^"files"\s{0,9}:\s{0,9}\[/.exec(body.toString('latin1', key, key + 40))
  return begin === null ? undefined : key + begin[0].length
}

function parse(page: Uint8Array): JsonObject | undefined {
  try {
    return parsePage(new TextDecoder().decode(page))
  } catch {
    return undefined
  }
}
