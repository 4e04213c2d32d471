/** What an index says when it refuses, in whatever form it says it. */
import { ClientError, type ClientErrorFacts, cut } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

/** In this order of liking: the first two name each problem. */
export const refusalTypes =
  'application/problem+json, application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7'

export interface RefusalProblem {
  readonly message: string
  readonly code?: string
  /** The form field concerned. */
  readonly field?: string
}

/** A refused upload or token. The message tells everything the index said. */
export class UploadRefused extends ClientError {
  override readonly name = 'UploadRefused'
  readonly status: number
  readonly problems: readonly RefusalProblem[]
  /** Whether the reason is that the file is there already. */
  readonly isDuplicate: boolean

  constructor(status: number, problems: readonly RefusalProblem[], facts: ClientErrorFacts) {
    const said = problems.map(({ message }) => message).join('\n')
    super(codeOf(status), `${redactUrl(facts.url)} refused with status ${status}: ${said}`, facts)
    this.status = status
    this.problems = problems
    this.isDuplicate = status === 409 || (status === 400 && /already exist/i.test(said))
  }
}

function codeOf(status: number): 'unauthorized' | 'forbidden' | 'upload-refused' {
  if (status === 401) return 'unauthorized'
  return status === 403 ? 'forbidden' : 'upload-refused'
}

export interface RefusalAnswer {
  readonly status: number
  readonly reason: string
  readonly contentType: string
  readonly body: Buffer
}

/** At least one problem; the reason phrase where the body says nothing. */
export function readRefusal({
  reason,
  contentType,
  body,
  status,
}: RefusalAnswer): RefusalProblem[] {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  const text = body.toString('utf8', 0, 64 * 1024).trim()
  const isJson = type === 'application/json' || type.endsWith('+json') || text.startsWith('{')
  const problems = isJson ? readJson(text) : []
  if (problems.length > 0) return problems
  const isHtml = type === 'text/html' || /^<(!doctype|html)/i.test(text)
  const said = cut(isHtml ? textOfHtml(text) : isJson ? '' : text, 4000)
  return [{ message: said || reason || `status ${status}` }]
}

/** RFC 9457 with our `errors`, the public index's `{message, errors: [{code, description}]}`, and what others made up. */
function readJson(text: string): RefusalProblem[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  if (!isObject(value)) return typeof value === 'string' ? [{ message: cut(value, 4000) }] : []
  const errors = Array.isArray(value['errors']) ? value['errors'].slice(0, 100) : []
  const listed = errors.flatMap((error) => readProblem(error) ?? [])
  return listed.length > 0 ? listed : [readProblem(value) ?? []].flat()
}

function readProblem(value: unknown): RefusalProblem | undefined {
  if (typeof value === 'string') return { message: cut(value, 4000) }
  if (!isObject(value)) return undefined
  const first = (...keys: string[]) =>
    keys.map((key) => value[key]).find((text) => typeof text === 'string' && text !== '')
  const code = first('code')
  const message = first('detail', 'description', 'message', 'msg', 'error', 'title') ?? code
  const field = first('field')
  if (typeof message !== 'string') return undefined
  return {
    message: cut(message, 4000),
    ...(typeof code === 'string' && { code }),
    ...(typeof field === 'string' && { field }),
  }
}

/** Good enough for error pages of proxies: tags away, white space folded. */
function textOfHtml(html: string): string {
  return html
    .replace(/<(?:script|style)\b[^<]{0,60000}/gi, ' ')
    .replace(/<[^<>]{0,1000}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
