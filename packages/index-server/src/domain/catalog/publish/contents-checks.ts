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
  {
    id: 'dist-info-wrong',
    row: 28,
    rule: 'A wheel has one `.dist-info` folder, named `{name}-{version}.dist-info` as the file is, with WHEEL in it.',
    field: 'content',
    find: (candidate) => told(candidate, 'dist-info-wrong'),
  },
  {
    id: 'sdist-root-wrong',
    row: 28,
    rule: 'An sdist has one top folder, with PKG-INFO in it.',
    field: 'content',
    find: (candidate) => told(candidate, 'sdist-root-wrong'),
  },
  {
    id: 'license-file-missing',
    row: 32,
    rule: "Every License-File is in the sdist's root folder, or in the wheel's `.dist-info/licenses`.",
    field: 'content',
    find: (candidate) => told(candidate, 'license-file-missing'),
  },
  {
    id: 'metadata-missing',
    row: 34,
    rule: 'A wheel has METADATA.',
    field: 'content',
    find: (candidate) => told(candidate, 'metadata-missing'),
  },
  {
    id: 'metadata-of-other-file',
    row: 33,
    rule: 'Name and version in the metadata are those of the filename.',
    field: 'content',
    find: (candidate) => told(candidate, 'metadata-of-other-file'),
  },
  {
    id: 'record-wrong',
    row: 34,
    rule: 'RECORD names every file of the wheel with its hash and size, and nothing else.',
    field: 'content',
    find: (candidate) => told(candidate, 'record-wrong'),
  },
  {
    id: 'entry-points-unsafe',
    row: 34,
    rule: 'entry_points.txt is a UTF-8 INI file, and its scripts have names that stay in the folder for scripts.',
    field: 'content',
    find: (candidate) => told(candidate, 'entry-points-unsafe'),
  },
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
