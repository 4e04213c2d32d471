/** Writes docs/reference/commands.md from the table of commands. */
import { writeFile } from 'node:fs/promises'
import { commandsPage } from '../packages/index-server/src/commands/commands-page.ts'
import { commands } from '../packages/index-server/src/commands/mod.ts'

await writeFile(new URL('../docs/reference/commands.md', import.meta.url), commandsPage(commands))
