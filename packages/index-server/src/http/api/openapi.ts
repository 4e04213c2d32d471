/** The OpenAPI 3.1 description of the API, made from the operations themselves. */
import { type Fields, fieldSchema } from './fields.ts'
import type { Operation } from './operation.ts'
import { schemas } from './schemas.ts'

export function describeApi(operations: readonly Operation[], baseUrl: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations) {
    paths[operation.path] ??= {}
    paths[operation.path]![operation.method.toLowerCase()] = describeOperation(operation)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cheeseshop',
      version: '1',
      description:
        'Reads and changes what the index holds. Tokens are sent as a bearer token, or as the password of the user __token__. Errors are problem details (RFC 9457) that list everything that is wrong.',
    },
    servers: [{ url: `${baseUrl}/api/v1` }],
    paths,
    components: {
      schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        problem: {
          description: 'It was refused, and this is why',
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
    },
  }
}

function describeOperation({ id, summary, caller, path, query, body, answer }: Operation): object {
  return {
    operationId: id,
    summary,
    ...(caller !== 'nobody' && { security: [{ token: caller === 'anyone' ? [] : [caller] }] }),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...Object.entries(query).map(([name, field]) => ({
        name,
        in: 'query',
        required: field.isRequired ?? false,
        schema: fieldSchema(field),
      })),
    ],
    ...(body && {
      requestBody: { required: hasRequired(body), content: jsonOf(bodySchema(body)) },
    }),
    responses: {
      [answer.status]: {
        description: 'Done',
        content: jsonOf({ $ref: `#/components/schemas/${answer.schema}` }),
      },
      default: { $ref: '#/components/responses/problem' },
    },
  }
}

function jsonOf(schema: object): object {
  return { 'application/json': { schema } }
}

function bodySchema(body: Fields): object {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(body).map(([name, field]) => [name, fieldSchema(field)]),
    ),
    required: Object.keys(body).filter((name) => body[name]?.isRequired),
    additionalProperties: false,
  }
}

function hasRequired(body: Fields): boolean {
  return Object.values(body).some((field) => field.isRequired)
}
