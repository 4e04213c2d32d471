/** Every command, in the order of the help. */
import { deleteCommand, status, unyank, yank } from './catalog.ts'
import { migrateCommand } from './migrate.ts'
import { serve } from './serve.ts'
import { tokenCreate, tokenList, tokenRevoke } from './token.ts'
import { userCreate } from './user-create.ts'
import { work } from './work.ts'

export const commands = [
  serve,
  work,
  migrateCommand,
  tokenCreate,
  tokenList,
  tokenRevoke,
  userCreate,
  yank,
  unyank,
  deleteCommand,
  status,
]
