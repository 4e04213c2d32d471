/** Attestations that lie beside a distribution (PEP 740), as signing tools leave them. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { UsageError } from '../report/usage-error.ts'

const suffix = '.publish.attestation'
/** Bytes; real ones have some 6,000. */
const largest = 2 ** 20

/** None when there is no such file. Throws `UsageError` for one that no index would take. */
export function readAttestations(distribution: string): object[] {
  const path = `${distribution}${suffix}`
  if (!existsSync(path)) return []
  const name = basename(path)
  if (statSync(path).size > largest) throw new UsageError(`${name} is too large for an attestation`)
  const attestation = parse(readFileSync(path, 'utf8'), name)
  const fields = ['version', 'verification_material', 'envelope']
  const missing = fields.filter((field) => !Object.hasOwn(attestation, field))
  if (missing.length === 0) return [attestation]
  throw new UsageError(
    `${name} is no attestation: it has no ${missing.join(', ')}`,
    'sign the distribution again, or leave attestations out with --no-attestations',
  )
}

function parse(text: string, name: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Told below, as for every other text that is no object.
  }
  throw new UsageError(
    `${name} is no JSON object`,
    'sign the distribution again, or remove the file',
  )
}
