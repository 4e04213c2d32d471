/** What must be inside a wheel or an sdist, and agree with each other there. */
import type { SdistProblemCode, WheelProblemCode } from '@cheeseshop/packaging'
import type { Candidate } from './candidate.ts'
import type { UploadCheck } from './check.ts'

export const framingChecks: readonly UploadCheck[] = [
  {
    id: 'archive-invalid',
    row: 30,
    rule: 'A wheel is a zip and an sdist a tar.gz that every reader understands the same way; no name leaves the folder, nothing unpacks to a bomb.',
    field: 'content',
    *find({ framing }) {
      for (const { message, entry } of framing ?? []) {
        yield `Invalid distribution file. ${message}${entry === undefined ? '' : ` (${entry})`}`
      }
    },
  },
]

export const contentsChecks: readonly UploadCheck[] = [
  inside(
    'dist-info-wrong',
    28,
    'A wheel has one `.dist-info` folder, named `{name}-{version}.dist-info` as the file is, with WHEEL in it.',
  ),
  inside('sdist-root-wrong', 28, 'An sdist has one top folder, with PKG-INFO in it.'),
  inside(
    'license-file-missing',
    32,
    "Every License-File is in the sdist's root folder, or in the wheel's `.dist-info/licenses`.",
  ),
  inside('metadata-missing', 34, 'A wheel has METADATA.'),
  inside(
    'metadata-of-other-file',
    33,
    'Name and version in the metadata are those of the filename.',
  ),
  inside(
    'record-wrong',
    34,
    'RECORD names every file of the wheel with its hash and size, and nothing else.',
  ),
  inside(
    'entry-points-unsafe',
    34,
    'entry_points.txt is a UTF-8 INI file, and its scripts have names that stay in the folder for scripts.',
  ),
]

/** Which check each fault belongs to; a new fault cannot be forgotten. */
const checkOfWheelFault: Readonly<Record<WheelProblemCode, string>> = {
  'dist-info-missing': 'dist-info-wrong',
  'dist-info-several': 'dist-info-wrong',
  'dist-info-mismatch': 'dist-info-wrong',
  'wheel-file-missing': 'dist-info-wrong',
  'wheel-file-version': 'dist-info-wrong',
  'wheel-file-tags': 'dist-info-wrong',
  'metadata-missing': 'metadata-missing',
  'metadata-name': 'metadata-of-other-file',
  'metadata-version': 'metadata-of-other-file',
  'record-missing': 'record-wrong',
  'record-invalid': 'record-wrong',
  'record-duplicate': 'record-wrong',
  'record-unlisted': 'record-wrong',
  'record-absent': 'record-wrong',
  'record-hash-missing': 'record-wrong',
  'record-hash-unsupported': 'record-wrong',
  'record-hash-mismatch': 'record-wrong',
  'record-size-mismatch': 'record-wrong',
  'entry-points-invalid': 'entry-points-unsafe',
  'license-file-missing': 'license-file-missing',
}

const checkOfSdistFault: Readonly<Record<SdistProblemCode, string>> = {
  'root-several': 'sdist-root-wrong',
  'root-mismatch': 'sdist-root-wrong',
  'metadata-missing': 'sdist-root-wrong',
  'metadata-name': 'metadata-of-other-file',
  'metadata-version': 'metadata-of-other-file',
  'license-file-missing': 'license-file-missing',
}

function inside(id: string, row: number, rule: string): UploadCheck {
  return { id, row, rule, field: 'content', find: (candidate) => told(candidate, id) }
}

function* told(candidate: Candidate, check: string): Generator<string> {
  const { wheel, sdist, rules } = candidate
  for (const { code, severity, message } of [
    ...(wheel?.problems ?? []),
    ...(candidate.recordProblems ?? []),
  ]) {
    // Installers find the folder in another spelling too, but the public index refuses it.
    const isStrict = code === 'dist-info-mismatch' && !rules.legacyFilenames
    if (checkOfWheelFault[code] === check && (severity === 'error' || isStrict)) yield message
  }
  for (const { code, severity, message } of sdist?.problems ?? []) {
    if (checkOfSdistFault[code] === check && severity === 'error') yield message
  }
}
