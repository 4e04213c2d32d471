/** What a script asks for in its own comments (PEP 723). */

import { readScriptMetadata, type ScriptMetadata } from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'

/** Throws `UsageError` for a script without such a block, and `InvalidScriptMetadata`. */
export function requireScriptMetadata(text: string, name: string): ScriptMetadata {
  const metadata = readScriptMetadata(text)
  if (metadata) return metadata
  throw new UsageError(
    `${name} has no "# /// script" block, which would say what it requires`,
    'PEP 723 says how one is written',
  )
}
