import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { uploadChecksPage } from './checks-page.ts'
import { uploadChecks } from './upload-checks.ts'

const page = new URL('../../../../../../docs/reference/upload-checks.md', import.meta.url)

it('the page of upload checks is that of the table', () => {
  assert.equal(
    readFileSync(page, 'utf8'),
    uploadChecksPage(),
    'Run node tools/upload-checks-page.ts.',
  )
})

it('every upload check has a code of its own', () => {
  const codes = Object.values(uploadChecks)
    .flat()
    .map((check) => check.id)
  assert.deepEqual(codes, [...new Set(codes)])
})
