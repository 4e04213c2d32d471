/** For tests: a home, an environment without a Python, files to install, and the tool run as a person would run it. */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BuiltDistribution,
  interpreterFacts,
  type TemporaryFolder,
  temporaryFolder,
} from '@cheeseshop/testing'
import { runProgram } from '../run.ts'

export interface Transcript {
  readonly code: number
  readonly out: string
  readonly error: string
}

export interface Builds {
  build(): BuiltDistribution
}

export interface Desk extends AsyncDisposable {
  readonly folder: TemporaryFolder
  /** Of the environment. */
  readonly sitePackages: string
  /** A path in site-packages, as transcripts show it. */
  locate(path: string): string
  /** Files that every run finds in place of an index. */
  offer(...builds: Builds[]): void
  /** Paths are shortened to `~`, times to TIME. */
  run(words: string, variables?: Record<string, string>): Promise<Transcript>
  /** The same, and it must end with 0. */
  must(words: string): Promise<Transcript>
}

export interface DeskOptions {
  /** Of a terminal on standard error. */
  readonly columns?: number
}

export async function desk(options: DeskOptions = {}): Promise<Desk> {
  const folder = await temporaryFolder()
  const facts = makePython(folder.join('env'))
  mkdirSync(folder.join('files'))
  const variables = {
    HOME: folder.path,
    XDG_CACHE_HOME: folder.join('cache'),
    VIRTUAL_ENV: folder.join('env'),
    PIP_CONFIG_FILE: '/dev/null',
    CHEESE_FIND_LINKS: folder.join('files'),
    CHEESE_NO_INDEX: '1',
  }
  const run = async (words: string, more: Record<string, string> = {}) => {
    const said = { out: '', error: '' }
    const output = (name: keyof typeof said) => ({
      isTTY: options.columns !== undefined,
      columns: options.columns,
      write: (text: string) => (said[name] += text),
    })
    const terminal = {
      out: output('out'),
      error: output('error'),
      environment: { ...variables, ...more },
    }
    const surroundings = { folder: folder.path, terminal }
    const code = await runProgram(words.split(' ').filter(Boolean), surroundings)
    const stable = (text: string) =>
      text.replaceAll(folder.path, '~').replace(/ in (\d+ ms|[\d.]+ s)$/gm, ' in TIME')
    return { code, out: stable(said.out), error: stable(said.error) }
  }
  return {
    folder,
    sitePackages: facts.paths.purelib,
    locate: (path) => join(facts.paths.purelib, path).replace(folder.path, '~').replace(/\/$/, ''),
    run,
    offer(...builds) {
      for (const each of builds) {
        const { filename, bytes } = each.build()
        writeFileSync(folder.join('files', filename), bytes)
      }
    },
    async must(words) {
      const transcript = await run(words)
      if (transcript.code !== 0) throw new Error(`${words}\n${transcript.error}`)
      return transcript
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** A program that answers as an interpreter does when it is asked what it is, and nothing else. */
function makePython(prefix: string) {
  const facts = interpreterFacts(prefix)
  mkdirSync(facts.paths.purelib, { recursive: true })
  mkdirSync(facts.paths.scripts, { recursive: true })
  writeFileSync(`${prefix}/pyvenv.cfg`, 'home = /opt/python/bin\n')
  writeFileSync(`${prefix}/facts`, `--cheese--${JSON.stringify(facts)}`)
  writeFileSync(facts.executable, `#!/bin/sh\nexec cat '${prefix}/facts'\n`)
  chmodSync(facts.executable, 0o755)
  return facts
}
