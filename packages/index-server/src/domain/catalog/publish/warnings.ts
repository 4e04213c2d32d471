/** What is accepted and yet worth telling the uploader. */
import type { Candidate } from './candidate.ts'

export function warningsOf({ form, wheel, sdist, catalog }: Candidate): string[] {
  const problems = [...(wheel?.problems ?? []), ...(sdist?.problems ?? [])]
  const warnings = problems.flatMap(({ severity, message }) =>
    severity === 'warning' ? [message] : [],
  )
  if (form.fields.has('attestations') || form.fileFields.has('attestations')) {
    warnings.push('The attestations were not kept: this index does not store them.')
  }
  if (catalog?.yanked) {
    warnings.push(
      'The release is yanked, so this file is too. Un-yank it if it should be installed.',
    )
  }
  return warnings
}
