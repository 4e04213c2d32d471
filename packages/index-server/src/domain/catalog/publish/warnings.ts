/** What is accepted and yet worth telling the uploader. */
import type { Candidate } from './candidate.ts'

export function* warningsOf(candidate: Candidate): Generator<string> {
  const { form, remarks, wheel, sdist, catalog } = candidate
  for (const { message } of remarks ?? []) yield message
  for (const { severity, message } of [...(wheel?.problems ?? []), ...(sdist?.problems ?? [])]) {
    if (severity === 'warning') yield message
  }
  if (form.fields.has('attestations') || form.fileFields.has('attestations')) {
    yield 'The attestations were not kept: this index does not store them.'
  }
  if (catalog?.yanked) {
    yield 'The release is yanked, so this file is too. Un-yank it if it should be installed.'
  }
}
