/** Reads a simple page of either form, chosen by its content type. */

import { resolverPageContentType } from './content-types.ts'
import { InvalidSimplePage, type ProjectDetail, type ProjectList } from './model.ts'
import { finish, readProjectDetailHtml, readProjectListHtml } from './read-html.ts'
import { readProjectDetailJson, readProjectListJson } from './read-json.ts'

/**
 * Reads the page of one project. `baseUrl` is where the page came from, after redirects; file URLs come out absolute.
 * Entries without a usable name or URL are left out. Throws `InvalidSimplePage` for another content type, a later major
 * version of the API, or a page that is not one.
 *
 * @example
 * ```ts
 * const html = '<a href="/files/demo-1.0.tar.gz#sha256=0123abcd" data-requires-python="&gt;=3.9">demo-1.0.tar.gz</a>'
 * const page = readProjectDetail(html, 'text/html', 'https://index.example/simple/demo/')
 * page.files[0].url // 'https://index.example/files/demo-1.0.tar.gz'
 * page.files[0].hashes // { sha256: '0123abcd' }
 * page.files[0].requiresPython // '>=3.9'
 * ```
 */
export function readProjectDetail(
  body: string | Uint8Array,
  contentType: string,
  baseUrl: string,
): ProjectDetail {
  return finish(readProjectDetailInSteps(body, contentType, baseUrl))
}

/**
 * Reads as `readProjectDetail` does, in steps of a few milliseconds where the page is HTML: whoever serves others meanwhile
 * does so between them.
 *
 * @example
 * ```ts
 * const steps = readProjectDetailInSteps('<a href="/demo-1.0.tar.gz">demo</a>', 'text/html', 'https://index.example/')
 * let step = steps.next()
 * while (!step.done) step = steps.next()
 * step.value.files.length // 1
 * ```
 */
export function* readProjectDetailInSteps(
  body: string | Uint8Array,
  contentType: string,
  baseUrl: string,
): Generator<void, ProjectDetail> {
  return formOf(contentType) === 'json'
    ? readProjectDetailJson(asText(body), baseUrl)
    : yield* readProjectDetailHtml(asText(body), baseUrl)
}

/**
 * Reads the page of all projects; throws as `readProjectDetail` does.
 *
 * @example
 * ```ts
 * const body = '{"meta":{"api-version":"1.1"},"projects":[{"name":"Demo"}]}'
 * readProjectList(body, 'application/vnd.pypi.simple.v1+json', 'https://index.example/simple/').projects // [{ name: 'Demo' }]
 * ```
 */
export function readProjectList(
  body: string | Uint8Array,
  contentType: string,
  baseUrl: string,
): ProjectList {
  return formOf(contentType) === 'json'
    ? readProjectListJson(asText(body))
    : readProjectListHtml(asText(body), baseUrl)
}

function formOf(contentType: string): 'json' | 'html' {
  const type = contentType.slice(0, 200).split(';')[0]!.trim().toLowerCase()
  const simple = /^application\/vnd\.pypi\.simple\.v(\d{1,9})\+(json|html)$/.exec(type)
  if (simple !== null && Number(simple[1]) === 1) return simple[2] as 'json' | 'html'
  if (simple !== null) {
    throw new InvalidSimplePage(
      'unsupported-version',
      `The index answered in version ${simple[1]} of the simple API (${type}). Upgrade this program.`,
    )
  }
  if (type === 'application/json' || type === resolverPageContentType) return 'json'
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html'
  throw new InvalidSimplePage(
    'unsupported-content-type',
    `The index answered with ${JSON.stringify(type)}, which is not a simple page. Check that the URL is that of a simple index (it usually ends in /simple/).`,
  )
}

function asText(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body)
}
