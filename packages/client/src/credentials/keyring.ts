/** Asks the `keyring` program, which is Python's door to the keyrings of operating systems. */
import type { Credential } from './credential.ts'

/** Nobody is there to answer a prompt for longer. */
const timeoutMs = 30_000

export interface KeyringQuestion {
  /** A URL or a host. */
  readonly service: string
  readonly username?: string | undefined
}

/** Undefined when the program is not there, fails, or knows nothing. */
export async function readKeyring(
  command: readonly string[],
  { service, username }: KeyringQuestion,
): Promise<Credential | undefined> {
  // Hosts and users come from URLs, and the program would read them as options.
  if (service.startsWith('-') || username?.startsWith('-')) return undefined
  if (username !== undefined) {
    const password = (await run(command, ['get', service, username]))?.replace(/\r?\n$/, '')
    return password ? { username, password } : undefined
  }
  const answer = await run(command, ['--mode=creds', '--output=json', 'get', service])
  return answer === undefined ? undefined : parseAnswer(answer)
}

function parseAnswer(text: string): Credential | undefined {
  try {
    const { username, password } = JSON.parse(text) ?? {}
    const isComplete = typeof username === 'string' && typeof password === 'string'
    return isComplete ? { username, password } : undefined
  } catch {
    return undefined
  }
}

function run(command: readonly string[], words: readonly string[]): Promise<string | undefined> {
  const [program = 'keyring', ...first] = command
  const { execFile } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: 64 * 1024, encoding: 'utf8' } as const
    const child = execFile(program, [...first, ...words], options, (error, output) =>
      resolve(error === null ? output : undefined),
    )
    child.stdin?.end()
  })
}
