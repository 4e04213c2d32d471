/** The environment variables that build backends get. */
import { delimiter } from 'node:path'
import type { Environment } from '../environment/environment.ts'

/** Python's own switches, which would let something into an isolated environment. */
const leaks = /^(PYTHONPATH|PYTHONHOME|PYTHONSTARTUP|PYTHONUSERBASE|__PYVENV_LAUNCHER__)$/
/** What uploads are signed with: sources of others have no business with it. */
const secrets =
  /^(CHEESE_PUBLISH_|CHEESE_(TOKEN|PASSWORD)$|TWINE_|UV_PUBLISH_|ACTIONS_ID_TOKEN_REQUEST_)|_ID_TOKEN$/

/**
 * Those given, less the secrets; in an isolated environment its scripts come first in PATH and nothing from outside is
 * importable. SOURCE_DATE_EPOCH, compilers and their flags pass through.
 */
export function backendVariables(
  env: NodeJS.ProcessEnv,
  isolated: Environment | undefined,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !secrets.test(name) && !(isolated && leaks.test(name)),
  )
  const variables: NodeJS.ProcessEnv = Object.fromEntries(kept)
  // Logs are UTF-8, and arrive while the backend works.
  Object.assign(variables, { PYTHONIOENCODING: 'utf-8', PYTHONUNBUFFERED: '1' })
  if (isolated === undefined) return variables
  const { scheme, interpreter } = isolated
  const path = [scheme.scripts, env['PATH']].filter(Boolean).join(delimiter)
  const prefix = interpreter.facts.prefix
  return { ...variables, PATH: path, VIRTUAL_ENV: prefix, PYTHONNOUSERSITE: '1' }
}
