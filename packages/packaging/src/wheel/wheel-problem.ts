/** What can be wrong with a wheel. */

import type { DistributionProblem } from '../distribution-problem.ts'

export type WheelProblemCode =
  | 'dist-info-missing'
  | 'dist-info-several'
  | 'dist-info-mismatch'
  | 'metadata-missing'
  | 'metadata-name'
  | 'metadata-version'
  | 'wheel-file-missing'
  | 'wheel-file-version'
  | 'wheel-file-tags'
  | 'record-missing'
  | 'record-invalid'
  | 'record-duplicate'
  | 'record-unlisted'
  | 'record-absent'
  | 'record-hash-missing'
  | 'record-hash-unsupported'
  | 'record-hash-mismatch'
  | 'record-size-mismatch'
  | 'entry-points-invalid'
  | 'license-file-missing'

export type WheelProblem = DistributionProblem<WheelProblemCode>

export function wheelError(code: WheelProblemCode, message: string, entry?: string): WheelProblem {
  return { code, severity: 'error', message, ...(entry !== undefined && { entry }) }
}

export function wheelWarning(
  code: WheelProblemCode,
  message: string,
  entry?: string,
): WheelProblem {
  return { code, severity: 'warning', message, ...(entry !== undefined && { entry }) }
}
