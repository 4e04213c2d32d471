/** The description of the API says what is answered. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ApiAnswer, type TestIndex, testIndex } from '../../testing/test-index.ts'
import { schemas } from './schemas.ts'

describe('the description of the API', () => {
  it('names every operation once and refers only to schemas there are', async () => {
    await using index = await testIndex()
    const { body } = await describeApi(index)
    assert.equal(body.openapi, '3.1.0')
    const operations = Object.values<object>(body.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const id of ['readProject', 'readProjectOfIndex', 'createIndex', 'readEvents']) {
      assert.ok(ids.includes(id), id)
    }
    for (const [, name] of JSON.stringify(body).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      assert.ok(name && name in body.components.schemas, `${name}`)
    }
  })

  it('tells the truth about what is answered', async () => {
    await using index = await testIndex()
    const token = await index.token('root', ['admin', 'upload', 'manage'])
    await index.upload(undefined, token)
    const calls = [
      'GET /projects',
      'GET /projects/demo',
      'GET /projects/demo/releases/1.0',
      'GET /projects/demo/files/demo-1.0-py3-none-any.whl',
      'GET /events',
      'GET /tokens',
      'PUT /projects/demo/releases/1.0/yank',
    ]
    const { body: api } = await describeApi(index)
    for (const what of calls) {
      const [method = '', path = ''] = what.toLowerCase().split(' ')
      const answer = await index.call(what, { token })
      const operation = findOperation(api, path)[method]
      const { schema } = operation.responses[answer.status].content['application/json']
      assertFits(answer.body, schema, what)
    }
    const problem = (await index.call('GET /projects/nope')).body
    assertFits(problem, schemas.Problem, 'a problem')
  })
})

async function describeApi(index: TestIndex): Promise<ApiAnswer> {
  const response = await index.request('/api/v1/openapi.json')
  return { status: response.status, body: await response.json() }
}

function findOperation(api: ApiAnswer['body'], path: string): ApiAnswer['body'] {
  const found = Object.keys(api.paths).find((template) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  return api.paths[found ?? path]
}

/** The part of JSON schema that the description uses. */
function assertFits(value: unknown, schema: ApiAnswer['body'], where: string): void {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) as keyof typeof schemas
    assertFits(value, schemas[name], where)
    return
  }
  if (schema.enum) assert.ok(schema.enum.includes(value), where)
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (schema.type) {
    const found = type === 'number' && Number.isInteger(value) ? 'integer' : type
    assert.ok([schema.type].flat().includes(found), `${where} is ${found}, not ${schema.type}`)
  }
  if (Array.isArray(value) && schema.items) {
    for (const item of value) assertFits(item, schema.items, `${where}[]`)
  }
  if (schema.properties) {
    assert.deepEqual(
      Object.keys(value as object)
        .toSorted()
        .filter((key) => key !== 'field'),
      Object.keys(schema.properties).toSorted(),
      where,
    )
    for (const [key, property] of Object.entries(schema.properties)) {
      assertFits((value as Record<string, unknown>)[key], property, `${where}.${key}`)
    }
  }
}
