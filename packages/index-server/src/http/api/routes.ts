/** The doors of `/api/v1`: one for each operation, and one for their description. */
import { jsonReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Surface } from '../surface.ts'
import { eventOperations } from './event-operations.ts'
import { fileOperations } from './file-operations.ts'
import { indexesOperations, indexOperations } from './index-operations.ts'
import { indexRuleOperations } from './index-rule-operations.ts'
import { describeApi } from './openapi.ts'
import { type Operation, operationSurface } from './operation.ts'
import { policyOperations } from './policy-operations.ts'
import { projectOperations } from './project-operations.ts'
import { releaseOperations } from './release-operations.ts'
import { tokenOperations } from './token-operations.ts'

const ofIndex: readonly Operation[] = [
  ...projectOperations,
  ...releaseOperations,
  ...fileOperations,
  ...indexOperations,
  ...indexRuleOperations,
  ...policyOperations,
].map((operation) => ({ ...operation, isOfIndex: true }))

const operations: readonly Operation[] = [
  ...ofIndex,
  ...ofIndex.map(inNamedIndex),
  ...indexesOperations,
  ...eventOperations,
  ...tokenOperations,
]

/** `/projects` is about the default index, `/indexes/acme/dev/projects` about another. */
function inNamedIndex(operation: Operation): Operation {
  const { id, path, summary } = operation
  return {
    ...operation,
    id: `${id}OfIndex`,
    path: `/indexes/{owner}/{index}${path}`,
    summary: `${summary}; of the index at /{owner}/{index}/`,
  }
}

export function apiRoutes(
  site: Site,
): { method: Operation['method']; path: string; surface: Surface }[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/openapi.json',
      surface: (call) => {
        const baseUrl = site.addresses.baseUrl(call.req.url, call.env.incoming)
        return jsonReply(describeApi(operations, baseUrl))
      },
    },
    ...operations.map((operation) => ({
      method: operation.method,
      // OpenAPI writes {project} where the router writes :project.
      path: `/api/v1${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      surface: operationSurface(site, operation),
    })),
  ]
}
