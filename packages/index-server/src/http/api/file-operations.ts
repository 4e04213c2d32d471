/** Reads, yanks, un-yanks and deletes files. */
import { deleteFile, unyankFile, yankFile } from '../../domain/catalog/files.ts'
import { HttpError } from '../http-error.ts'
import { operation } from './operation.ts'
import { reasonOf, requireProject } from './project-operations.ts'
import { fileJson } from './schemas.ts'

const change = { status: 200, schema: 'Change' } as const
const path = '/projects/{project}/files/{filename}'

export const fileOperations = [
  operation({
    id: 'readFile',
    method: 'GET',
    path,
    summary: 'What the index knows of a file',
    caller: 'nobody',
    answer: { status: 200, schema: 'File' },
    async run({ domain, tree, path }) {
      const { project: name = '', filename = '' } = path
      const project = await requireProject(domain, tree, name)
      const file = project.files.find((file) => file.filename === filename)
      if (file) return fileJson(file)
      const shown = JSON.stringify(filename.slice(0, 200))
      throw new HttpError(404, 'not-found', `The project "${project.name}" has no file ${shown}.`)
    },
  }),
  operation({
    id: 'yankFile',
    method: 'PUT',
    path: `${path}/yank`,
    summary: 'Yank a file (PEP 592)',
    caller: 'manage',
    body: { reason: { kind: 'text', help: 'Shown to people and installers.' } },
    answer: change,
    async run({ domain, tree, identity, path, body }) {
      const { project = '', filename = '' } = path
      return {
        serial: await yankFile(domain, identity, {
          index: tree.index.id,
          project,
          filename,
          ...reasonOf(body),
        }),
      }
    },
  }),
  operation({
    id: 'unyankFile',
    method: 'DELETE',
    path: `${path}/yank`,
    summary: 'Take back the yank of a file',
    caller: 'manage',
    answer: change,
    async run({ domain, tree, identity, path }) {
      const { project = '', filename = '' } = path
      return {
        serial: await unyankFile(domain, identity, { index: tree.index.id, project, filename }),
      }
    },
  }),
  operation({
    id: 'deleteFile',
    method: 'DELETE',
    path,
    summary: 'Delete a file; its name can never be used again',
    caller: 'manage',
    answer: change,
    async run({ domain, tree, identity, path }) {
      const { project = '', filename = '' } = path
      return {
        serial: await deleteFile(domain, identity, { index: tree.index.id, project, filename }),
      }
    },
  }),
]
