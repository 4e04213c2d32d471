import type { Site } from '../site.ts'
export function apiRoutes(_site: Site): [] {
  return []
}
