/** What an API operation is, and how it becomes a surface: who is calling, what they sent, what is answered. */
import type { Domain } from '../../domain/domain.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Identity, Scope } from '../../domain/identity.ts'
import type { IndexTree } from '../../domain/indexes/index-tree.ts'
import { requireReader } from '../../domain/indexes/readers.ts'
import { authenticate } from '../../domain/trust/authenticate.ts'
import { invite, readSmallBody } from '../body.ts'
import { readCredentials } from '../credentials.ts'
import { HttpError } from '../http-error.ts'
import { requireTree } from '../open-index.ts'
import { jsonReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { type Fields, type FieldValues, readFields } from './fields.ts'
import type { SchemaName } from './schemas.ts'

export interface Operation {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As OpenAPI writes it: `/projects/{project}`. */
  readonly path: string
  readonly summary: string
  /** It is about one index, so it can be called for each. */
  readonly isOfIndex?: true
  /** `nobody`: open to all. `anyone`: any token. A scope: a token with it. */
  readonly caller: 'nobody' | 'anyone' | Scope
  readonly query: Fields
  readonly body: Fields | undefined
  readonly answer: { readonly status: 200 | 201; readonly schema: SchemaName }
  run(call: OperationCall<Fields, Fields>): Promise<object>
}

export interface OperationCall<Query extends Fields, Body extends Fields> {
  readonly domain: Domain
  /** The index the call is about: the one its path names, or the default index. */
  readonly tree: IndexTree
  /** Present whenever the operation asks for a caller. */
  readonly identity: Identity | undefined
  /** The named parts of the path, decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: FieldValues<Query>
  readonly body: FieldValues<Body>
}

interface Definition<Query extends Fields, Body extends Fields, Caller>
  extends Omit<Operation, 'query' | 'body' | 'run' | 'caller'> {
  caller: Caller
  query?: Query
  body?: Body
  run(
    call: OperationCall<Query, Body> &
      (Caller extends 'nobody' ? unknown : { readonly identity: Identity }),
  ): Promise<object>
}

export function operation<
  const Query extends Fields = Record<never, never>,
  const Body extends Fields = Record<never, never>,
  const Caller extends Operation['caller'] = Operation['caller'],
>(definition: Definition<Query, Body, Caller>): Operation {
  return {
    query: {},
    body: undefined,
    ...definition,
    run: (call) => definition.run(call as never),
  } as Operation
}

export function operationSurface({ domain, config }: Site, operation: Operation): Surface {
  return async (call) => {
    const identity = await identify(domain, operation, call)
    invite(call)
    const tree = await openTree(domain, operation, call)
    const { body } = operation
    const given = body && (await readBody(call, config.idleTimeout))
    const answer = await operation.run({
      domain,
      tree,
      // Asked again after a body, which may be long in coming: the token may have been revoked meanwhile.
      identity: given ? await identify(domain, operation, call) : identity,
      path: call.req.param(),
      query: readFields(operation.query, new Map(Object.entries(call.req.query()))),
      body: body && given ? readFields(body, given) : {},
    })
    return jsonReply(answer, operation.answer.status, { 'cache-control': 'no-store' })
  }
}

/** Whoever may not read an index is told nothing of it. */
async function openTree(domain: Domain, operation: Operation, call: Call): Promise<IndexTree> {
  const { owner, index } = call.req.param()
  const tree = await requireTree(domain, index === undefined ? '' : `${owner}/${index}`)
  if (!tree.isOpen && operation.isOfIndex) {
    await requireReader(domain, tree, await authenticate(domain, readCredentials(call)))
  }
  return tree
}

async function identify(
  domain: Domain,
  { caller }: Operation,
  call: Call,
): Promise<Identity | undefined> {
  if (caller === 'nobody') return undefined
  const identity = await authenticate(domain, readCredentials(call))
  if (caller === 'admin' && identity.projects !== undefined) {
    // Or a token for one project could make itself one for all.
    throw new DomainError(
      'not-allowed',
      'This token is limited to some projects, and this call is about the whole index. Use a token without that limit.',
    )
  }
  if (caller === 'anyone' || identity.scopes.has(caller)) return identity
  throw new DomainError(
    'not-allowed',
    `This token lacks the scope "${caller}", which this call needs. Use a token that has it.`,
  )
}

async function readBody(call: Call, patience: number): Promise<ReadonlyMap<string, unknown>> {
  const text = (await readSmallBody(call, { bytes: 1_000_000, patience })).toString()
  if (text.trim() === '') return new Map()
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return new Map(Object.entries(value))
  }
  throw new HttpError(400, 'body-malformed', 'The body must be a JSON object.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HttpError(400, 'body-malformed', `The body is not JSON: ${(error as Error).message}.`)
  }
}
