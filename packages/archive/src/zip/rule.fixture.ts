/** Test kit: one rule of the zip checks, broken by a crafted file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ArchiveLimits, bytesSource, checkZip, Zip } from '../mod.ts'
import { type CraftedEntry, type CraftedZip, craftZip } from './craft-zip.fixture.ts'

/** A zip file with this one entry. */
export function one(entry: CraftedEntry): CraftedZip {
  return { entries: [entry] }
}

/** The codes of all problems that `checkZip` reports. */
export async function codesOf(zip: Buffer, limits?: Partial<ArchiveLimits>): Promise<string[]> {
  return (await checkZip(bytesSource(zip), limits)).map((problem) => problem.code)
}

/** A rule so important that opening refuses, with the first of the codes that the check reports. */
export function refused(
  rule: string,
  zip: CraftedZip | Buffer,
  codes: string | string[],
  limits?: Partial<ArchiveLimits>,
): void {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(zip) ? zip : craftZip(zip)
    const expected = [codes].flat()
    assert.deepEqual(await codesOf(bytes, limits), expected)
    await assert.rejects(Zip.open(bytesSource(bytes), limits), { code: expected[0] })
  })
}

/** A rule that the check reports; the zip file still opens. */
export function reported(rule: string, zip: CraftedZip, codes: string | string[]): void {
  test(rule, async () => {
    const bytes = craftZip(zip)
    assert.deepEqual(await codesOf(bytes), [codes].flat())
    await Zip.open(bytesSource(bytes))
  })
}
