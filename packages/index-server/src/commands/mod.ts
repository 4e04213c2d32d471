/** Every command, in the order of the help. */
import { migrateCommand } from './migrate.ts'
import { serve } from './serve.ts'
import { tokenCreate, tokenList, tokenRevoke } from './token.ts'

export const commands = [serve, migrateCommand, tokenCreate, tokenList, tokenRevoke]
