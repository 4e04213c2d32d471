/** Refuses an upload before its body is read. */
import type { Domain } from '../../domain.ts'
import { DomainError } from '../../errors.ts'
import type { Identity } from '../../identity.ts'

/** Returns the most bytes a file may have. DomainError `temporarily-off` or `not-allowed`. */
export async function beginUpload({ rules }: Domain, identity: Identity): Promise<number> {
  if (rules.readOnly) {
    throw new DomainError('temporarily-off', 'This index is read-only for now. Upload later.')
  }
  if (rules.uploadsOff) {
    throw new DomainError('temporarily-off', 'Uploads are off for now. Upload later.')
  }
  if (!identity.scopes.has('upload')) {
    throw new DomainError(
      'not-allowed',
      'This token is not allowed to upload: it lacks the scope "upload". Use a token that has it.',
    )
  }
  return rules.maximumFileSize
}
