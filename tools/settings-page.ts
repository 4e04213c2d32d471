/** Writes docs/reference/settings.md from the table of settings. */
import { writeFile } from 'node:fs/promises'
import { settingsPage } from '../packages/index-server/src/config/settings-page.ts'

await writeFile(new URL('../docs/reference/settings.md', import.meta.url), settingsPage())
