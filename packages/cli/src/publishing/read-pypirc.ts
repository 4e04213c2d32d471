/** Reads .pypirc, where upload tools have kept repositories and their credentials since distutils. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { systemReason } from '@cheeseshop/archive'
import { readIni } from '@cheeseshop/client'
import { UsageError } from '../report/usage-error.ts'

export interface Repository {
  readonly name: string
  readonly url?: string
  readonly username?: string
  readonly password?: string
}

export interface Pypirc {
  readonly path: string
  readonly repositories: readonly Repository[]
}

/** None at all when there is no file, unless it was asked for by name. Throws `UsageError`. */
export function readPypirc(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Pypirc {
  const path = given ?? join(environment['HOME'] ?? homedir(), '.pypirc')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (given === undefined) return { path, repositories: [] }
    throw new UsageError(
      `${path} cannot be read: ${systemReason(error) ?? (error as Error).message}`,
    )
  }
  return { path, repositories: parse(text, path) }
}

function parse(text: string, path: string): Repository[] {
  const sections = readSections(text, path)
  // Sections that nobody lists are taken too, as twine does for the two it knows by itself.
  const names = [...sections.keys()].filter((name) => name !== 'distutils')
  return names.map((name) => {
    const section = sections.get(name)!
    const pick = (key: string) => section.get(key) || undefined
    const [url, username, password] = [pick('repository'), pick('username'), pick('password')]
    return {
      name,
      ...(url && { url }),
      ...(username && { username }),
      ...(password && { password }),
    }
  })
}

function readSections(text: string, path: string): ReturnType<typeof readIni> {
  try {
    return readIni(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UsageError(`${path} cannot be understood: ${error.message}`)
  }
}
