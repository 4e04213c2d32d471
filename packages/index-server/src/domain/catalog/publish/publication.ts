/** The answer to an upload. */
import type { ReleaseFile } from '../project-files.ts'
import { toReleaseFile } from '../release-file.ts'
import type { Candidate } from './candidate.ts'

export interface Publication {
  /** `unchanged`: the same file was there already, and nothing was written. */
  status: 'published' | 'unchanged'
  file: ReleaseFile
  /** The project's newest serial. */
  serial: number
  /** Sentences about what was accepted and yet is worth mending. */
  warnings: readonly string[]
}

/** The answer when the index already holds the same bytes under the same filename. */
export function unchangedFile({ catalog, content }: Candidate): Publication | undefined {
  const { project, sameFilename: row } = catalog ?? {}
  if (!project || !row || !content || row.project_id !== project.id) return undefined
  const { sha256, blake2b_256 } = content.blob.digests
  if (row.sha256 !== sha256 || row.blake2b_256 !== blake2b_256) return undefined
  const file = toReleaseFile(row, row.version)
  return { status: 'unchanged', file, serial: project.last_serial, warnings: [] }
}
