/** The doors of `/api/v1`: one for each operation, and one for their description. */
import { jsonReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Surface } from '../surface.ts'
import { eventOperations } from './event-operations.ts'
import { fileOperations } from './file-operations.ts'
import { describeApi } from './openapi.ts'
import { type Operation, operationSurface } from './operation.ts'
import { projectOperations } from './project-operations.ts'
import { releaseOperations } from './release-operations.ts'
import { tokenOperations } from './token-operations.ts'

const operations: readonly Operation[] = [
  ...projectOperations,
  ...releaseOperations,
  ...fileOperations,
  ...eventOperations,
  ...tokenOperations,
]

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
