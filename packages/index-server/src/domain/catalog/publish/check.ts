/** The form of an upload check, and how checks are run: all of a stage, each naming everything it finds. */
import type { Problem } from '../../errors.ts'
import type { Candidate } from './candidate.ts'

export interface UploadCheck {
  /** Stable; the code of its problems. */
  id: string
  /** Its row in docs/reference/upload-checks.md, numbered in the order of the public index. */
  row: number
  /** The rule in one sentence. */
  rule: string
  /** The form or metadata field its problems are about, when it is always the same. */
  field?: string
  /** Set when the answer depends on what the index holds: it is asked again inside the transaction. */
  recheck?: true
  find(candidate: Candidate): Iterable<Finding>
}

/** A sentence, or a sentence and the field it is about. */
export type Finding = string | { message: string; field?: string }

export function runChecks(checks: readonly UploadCheck[], candidate: Candidate): Problem[] {
  return checks.flatMap((check) =>
    Array.from(check.find(candidate), (finding) => toProblem(check, finding)),
  )
}

function toProblem(check: UploadCheck, finding: Finding): Problem {
  const { message, field } = typeof finding === 'string' ? { message: finding } : finding
  const about = field ?? check.field
  return { code: check.id, message, ...(about !== undefined && { field: about }) }
}

/** A value for a message: quoted, and cut in the middle when it is long. */
export function quote(value: string): string {
  return JSON.stringify(value.length <= 80 ? value : `${value.slice(0, 40)}...${value.slice(-37)}`)
}
