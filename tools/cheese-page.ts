/** Writes docs/reference/cheese.md from the tables of the tool's commands. */
import { writeFile } from 'node:fs/promises'
import { referencePage } from '../packages/cli/src/reference-page.ts'

await writeFile(new URL('../docs/reference/cheese.md', import.meta.url), await referencePage())
