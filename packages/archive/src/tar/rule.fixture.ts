/** Test kit: one rule of the tar checks, broken by a crafted archive. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ArchiveLimits, bytesSource, checkTarGz, readTarGz } from '../mod.ts'
import { type CraftedMember, craftTarGz } from './craft-tar.fixture.ts'

export async function codesOf(archive: Buffer, limits?: Partial<ArchiveLimits>): Promise<string[]> {
  return (await checkTarGz(bytesSource(archive), limits)).map((problem) => problem.code)
}

export async function namesOf(archive: Buffer, limits?: Partial<ArchiveLimits>): Promise<string[]> {
  return Array.fromAsync(readTarGz(bytesSource(archive), limits), (member) => member.name)
}

type Archive = CraftedMember[] | Buffer

/** The check reports these, and reading throws the first. */
export function refused(
  rule: string,
  archive: Archive,
  codes: string | string[],
  limits?: Partial<ArchiveLimits>,
) {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(archive) ? archive : craftTarGz(archive)
    const expected = [codes].flat()
    assert.deepEqual(await codesOf(bytes, limits), expected)
    await assert.rejects(namesOf(bytes, limits), { name: 'InvalidArchive', code: expected[0] })
  })
}

/** The check reports it; reading goes on. */
export function reported(rule: string, archive: Archive, code: string) {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(archive) ? archive : craftTarGz(archive)
    assert.deepEqual(await codesOf(bytes), [code])
    await namesOf(bytes)
  })
}

export function accepted(rule: string, archive: Archive, names: string[]) {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(archive) ? archive : craftTarGz(archive)
    assert.deepEqual(await codesOf(bytes), [])
    assert.deepEqual(await namesOf(bytes), names)
  })
}

export const folder: CraftedMember = { name: 'd/', type: '5' }
export const long = `${'long/'.repeat(40)}name`
