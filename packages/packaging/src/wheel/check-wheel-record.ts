/** Compares RECORD with what a wheel really holds: missing files, wrong sizes, wrong digests. */

import { createHash } from 'node:crypto'
import type { ZipEntry } from '@cheeseshop/archive'
import type { RecordEntry, RecordHash } from '../record.ts'
import type { WheelContents } from './read-wheel.ts'
import { type WheelProblem, wheelError, wheelWarning } from './wheel-problem.ts'

/** What RECORD may use: PEP 376 rules out MD5 and SHA-1. */
const algorithms: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512'])

/**
 * Everything in which RECORD and the archive differ. With `hashes` the files are read, streamed one after the other in
 * bounded memory, and their digests compared; damage the archive itself shows throws `InvalidArchive`.
 *
 * @example
 * ```ts
 * import { bytesSource, writeZip } from '@cheeseshop/archive'
 * const bytes = writeZip([
 *   { name: 'demo.py', bytes: 'pass' },
 *   { name: 'demo-1.0.dist-info/METADATA', bytes: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n' },
 *   { name: 'demo-1.0.dist-info/RECORD', bytes: 'demo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/RECORD,,\n' },
 * ])
 * const wheel = await readWheel(bytesSource(bytes), 'demo-1.0-py3-none-any.whl')
 * const problems = await checkWheelRecord(wheel)
 * problems.map(({ code, entry }) => `${code} ${entry}`) // ['record-hash-missing demo-1.0.dist-info/METADATA', 'record-unlisted demo.py']
 * ```
 */
export async function checkWheelRecord(
  wheel: WheelContents,
  options: { readonly hashes?: boolean } = {},
): Promise<WheelProblem[]> {
  const problems: WheelProblem[] = []
  const listed = new Set<string>()
  for (const entry of wheel.record) {
    if (listed.has(entry.path)) {
      problems.push(wheelError('record-duplicate', `RECORD lists ${entry.path} twice.`, entry.path))
      continue
    }
    listed.add(entry.path)
    problems.push(...(await checkListed(wheel, entry, options.hashes ?? false)))
  }
  for (const { name, isDirectory } of wheel.entries) {
    if (!isDirectory && !listed.has(name) && !isExempt(wheel, name)) {
      problems.push(
        wheelError('record-unlisted', `The wheel holds ${name}, which RECORD does not list.`, name),
      )
    }
  }
  return problems
}

async function checkListed(
  wheel: WheelContents,
  listed: RecordEntry,
  hashes: boolean,
): Promise<WheelProblem[]> {
  const { path, hash, size } = listed
  const entry = wheel.archive.get(path)
  if (entry === undefined) {
    // A folder is no file, and no installer looks for it.
    return [
      path.endsWith('/')
        ? wheelWarning('record-absent', `RECORD lists the folder ${path}.`, path)
        : wheelError('record-absent', `RECORD lists ${path}, which the wheel does not hold.`, path),
    ]
  }
  const problems: WheelProblem[] = []
  if (size !== undefined && size !== entry.size) {
    problems.push(
      wheelError(
        'record-size-mismatch',
        `RECORD says ${path} has ${size} bytes, and it has ${entry.size}.`,
        path,
      ),
    )
  }
  if (hash === undefined) {
    if (!isExempt(wheel, path)) {
      problems.push(wheelError('record-hash-missing', `RECORD has no digest for ${path}.`, path))
    }
  } else if (!algorithms.has(hash.algorithm)) {
    problems.push(
      wheelError(
        'record-hash-unsupported',
        `RECORD uses ${hash.algorithm} for ${path}; use sha256.`,
        path,
      ),
    )
  } else if (hashes && (await digestOf(wheel, entry, hash)) !== hash.digest) {
    problems.push(
      wheelError(
        'record-hash-mismatch',
        `The ${hash.algorithm} digest of ${path} is not the one in RECORD.`,
        path,
      ),
    )
  }
  return problems
}

/** PEP 427: RECORD cannot hold its own digest, nor the files that sign it. */
function isExempt(wheel: WheelContents, path: string): boolean {
  return ['RECORD', 'RECORD.jws', 'RECORD.p7s'].some((name) => path === `${wheel.distInfo}/${name}`)
}

async function digestOf(
  wheel: WheelContents,
  entry: ZipEntry,
  { algorithm }: RecordHash,
): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of wheel.archive.scan(entry)) hash.update(chunk)
  return hash.digest('base64url')
}
