/** Who may upload where. */
import { notAnUploader } from '../../indexes/member-role.ts'
import { refusalOf } from '../rights.ts'
import { quote, type UploadCheck } from './check.ts'

export const rightsChecks: readonly UploadCheck[] = [
  {
    id: 'new-projects-off',
    row: 11,
    rule: 'New projects can be switched off.',
    field: 'name',
    *find({ name, catalog, rules }) {
      if (!rules.newProjectsOff || name === undefined || catalog?.project) return
      yield `New projects are off on this index, and ${quote(name)} does not exist. Ask the operator to create it or to switch them on.`
    },
  },
  {
    id: 'not-allowed',
    row: 12,
    rule: 'The token allows uploads to the project, and its user is an owner, a maintainer, a member of the index who may upload, or an administrator.',
    field: 'name',
    *find({ name, catalog, identity }) {
      if (name === undefined) return
      const { project, role } = catalog ?? {}
      if (catalog && !catalog.isUploader) {
        yield notAnUploader(catalog.index, identity)
        return
      }
      const refusal = refusalOf('upload', identity, { name, exists: project !== undefined, role })
      if (refusal !== undefined) yield refusal
    },
  },
  {
    id: 'project-closed',
    row: 12,
    rule: 'Archived and quarantined projects take no files.',
    field: 'name',
    *find({ catalog }) {
      const project = catalog?.project
      if (project?.status === 'archived') {
        yield `The project ${quote(project.name)} is archived and takes no files. Set its status to active first.`
      } else if (project?.status === 'quarantined') {
        yield `The project ${quote(project.name)} is in quarantine and takes no files. Ask an administrator.`
      }
    },
  },
]
