/** Who has which role in a project. */
import type { Domain } from '../domain.ts'
import type { Role } from './rights.ts'

export interface ProjectRole {
  username: string
  role: Role
}

/** Owners first, then by name. */
export async function readProjectRoles({ db }: Domain, projectId: number): Promise<ProjectRole[]> {
  const rows = await db
    .selectFrom('grants')
    .innerJoin('users', 'users.id', 'grants.user_id')
    .select(['users.username', 'grants.role'])
    .where('grants.project_id', '=', projectId)
    .orderBy('grants.role', 'desc')
    .orderBy('users.normalized_username')
    .execute()
  return rows
}
