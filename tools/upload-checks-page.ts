/** Writes docs/reference/upload-checks.md from the table of checks. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { uploadChecksPage } from '../packages/index-server/src/domain/catalog/publish/checks-page.ts'

const folder = new URL('../docs/reference/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('upload-checks.md', folder), uploadChecksPage())
