/** Every command, in the order of the help. */
import { advisoriesImport } from './advisories.ts'

import { backupCommand, restoreCommand } from './backup.ts'
import { bundleCommand } from './bundle.ts'
import { cacheClear, cacheInfo, cacheList, cachePin, cacheUnpin } from './cache.ts'
import { cacheWarm } from './cache-warm.ts'
import { deleteCommand, status, unyank, yank } from './catalog.ts'
import { importBundleCommand, importFolderCommand, importUpstreamCommand } from './import.ts'
import { importDevpiCommand } from './import-devpi.ts'
import {
  indexCreate,
  indexDelete,
  indexList,
  indexMember,
  indexSetAccess,
  indexSetSources,
  indexShow,
} from './indexes.ts'
import { migrateCommand } from './migrate.ts'
import { claimCommand, origin, promote } from './names.ts'
import { policyEnd, policyExempt, policyExemptions, policySet, policyShow } from './policy.ts'
import { serve } from './serve.ts'
import { tokenCreate, tokenList, tokenRevoke } from './token.ts'
import { userCreate } from './user-create.ts'
import { why } from './why.ts'
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
  indexCreate,
  indexList,
  indexShow,
  indexSetSources,
  indexSetAccess,
  indexMember,
  indexDelete,
  origin,
  claimCommand,
  promote,
  policyShow,
  policySet,
  policyExempt,
  policyExemptions,
  policyEnd,
  advisoriesImport,
  why,
  backupCommand,
  restoreCommand,
  importFolderCommand,
  importUpstreamCommand,
  importDevpiCommand,
  importBundleCommand,
  bundleCommand,
  cacheInfo,
  cacheList,
  cachePin,
  cacheUnpin,
  cacheClear,
  cacheWarm,
]
