/** The identity that a CI system lends to its jobs, for trusted publishing. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { UsageError } from '../report/usage-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Asks for a token for an audience. */
export type AskIdentity = (audience: string) => Promise<string>

/** Undefined outside of a CI system, and in a job that may not have an identity. */
export function findIdentity(environment: Environment): AskIdentity | undefined {
  const url = environment['ACTIONS_ID_TOKEN_REQUEST_URL']
  const bearer = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']
  if (url && bearer) return (audience) => askGitHub(url, bearer, audience)
  if (environment['GITLAB_CI']) return findGitLab(environment)
  return environment['BUILDKITE'] ? askBuildkite : undefined
}

/** GitHub Actions: jobs with `permissions: id-token: write`. */
async function askGitHub(base: string, bearer: string, audience: string): Promise<string> {
  const url = new URL(base)
  url.searchParams.set('audience', audience)
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' }
  const response = await fetch(url, {
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  })
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined
  const value = (body as { value?: unknown } | null | undefined)?.value
  if (typeof value === 'string' && value !== '') return value
  throw new UsageError(
    `GitHub Actions gives no identity token (status ${response.status})`,
    'the job needs "permissions: id-token: write"',
  )
}

/** GitLab puts tokens into variables that the job names, by custom after the audience. */
function findGitLab(environment: Environment): AskIdentity | undefined {
  const names = Object.keys(environment).filter((name) => name.endsWith('_ID_TOKEN'))
  if (names.length === 0) return undefined
  return async (audience) => {
    const name = `${audience.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_ID_TOKEN`
    const token = environment[name]
    if (token) return token
    throw new UsageError(
      `the job has no variable ${name} with an identity token`,
      `add to the job: id_tokens: { ${name}: { aud: ${audience} } }`,
    )
  }
}

async function askBuildkite(audience: string): Promise<string> {
  const args = ['oidc', 'request-token', '--audience', audience]
  try {
    const { stdout } = await promisify(execFile)('buildkite-agent', args, { timeout: 30_000 })
    return stdout.trim()
  } catch (error) {
    throw new UsageError(`buildkite-agent gives no identity token: ${(error as Error).message}`)
  }
}
