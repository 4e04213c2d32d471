/** Reads a page by what it is and not by what it is called: servers mislabel both forms. */
import { setImmediate as turn } from 'node:timers/promises'
import {
  InvalidSimplePage,
  type ListedPage,
  listProjectFiles,
  type ProjectDetail,
  type ProjectList,
  readProjectDetail,
  readProjectDetailInSteps,
  readProjectList,
} from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

export interface SimplePage {
  readonly url: URL
  readonly contentType: string
  readonly body: Buffer
}

/** Throws `bad-page` with the URL in place of InvalidSimplePage. */
export function readSimplePage(page: SimplePage): ProjectDetail {
  return requireNoLogin(page, readPage(page, readProjectDetail))
}

function requireNoLogin(page: SimplePage, detail: ProjectDetail): ProjectDetail {
  if (detail.files.length === 0 && looksLikeLogin(page.body)) throw loginPage(page.url)
  return detail
}

/** As `readSimplePage`, and others have their turn at least every few milliseconds. */
export async function readSimplePageInTurns(page: SimplePage): Promise<ProjectDetail> {
  const steps = readPage(page, readProjectDetailInSteps)
  let paused = performance.now()
  for (;;) {
    const step = readPage(page, () => steps.next())
    if (step.done) return requireNoLogin(page, step.value)
    if (performance.now() - paused < turnMs) continue
    await turn()
    paused = performance.now()
  }
}

const turnMs = 20

/** The page of all projects. Throws as `readSimplePage` does. */
export function readSimpleList(page: SimplePage): ProjectList {
  const list = readPage(page, readProjectList)
  if (list.projects.length === 0 && looksLikeLogin(page.body)) throw loginPage(page.url)
  return list
}

/** The same with its files as they are written; undefined for a page that must be read as a whole. Throws likewise. */
export function listSimplePage(page: SimplePage): ListedPage | undefined {
  return readPage(page, (body, contentType, baseUrl) =>
    contentType === 'application/json' ? listProjectFiles(body, baseUrl) : undefined,
  )
}

function readPage<Page>(
  { url, contentType, body }: SimplePage,
  read: (body: Buffer, contentType: string, baseUrl: string) => Page,
): Page {
  try {
    return read(body, formOf(contentType, body), url.href)
  } catch (cause) {
    if (!(cause instanceof InvalidSimplePage)) throw cause
    throw new ClientError('bad-page', `${redactUrl(url)}: ${cause.message}`, {
      url,
      cause,
      hint: 'Check the URL of the index; this program may also be too old for it.',
    })
  }
}

/** The type as claimed where it names another version of the API, which must fail; otherwise by the first character. */
function formOf(contentType: string, body: Buffer): string {
  if (/vnd\.pypi\.simple\.v(?!1\b)/i.test(contentType)) return contentType
  const start = body
    .toString('latin1', 0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (start.startsWith('{')) return 'application/json'
  if (start.startsWith('<')) return 'text/html'
  const isEmpty = start === '' && body.length <= 1024
  if (isEmpty && /^text\/html/i.test(contentType)) return contentType
  throw new InvalidSimplePage(
    'malformed',
    `The index's answer (${JSON.stringify(contentType.slice(0, 100))}) is neither JSON nor HTML.`,
  )
}

/** Registries behind a sign-in answer 200 with a form, which would read as "has no files". */
function looksLikeLogin(body: Buffer): boolean {
  return /<input[^>]{1,200}type=["']?password/i.test(body.toString('latin1', 0, 256 * 1024))
}

function loginPage(url: URL): ClientError {
  const host = url.host
  return new ClientError('unauthorized', `${redactUrl(url)} is a page to sign in.`, {
    url,
    hint: `Give credentials for ${host}: in the URL of the index, in .netrc, or in the keyring.`,
  })
}
