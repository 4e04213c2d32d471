/** Stands in for Python where only the conversation with a backend is tested: hooks are JavaScript in the source tree. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRequirement, type Requirement } from '@cheeseshop/packaging'
import { type SdistBuilder, type TemporaryFolder, temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from '../../cache/cache-folder.ts'
import { Interpreter } from '../../environment/interpreter.ts'
import type { BuildEvent } from '../build-event.ts'
import type { BuildOptions } from '../build-options.ts'
import { Builder } from '../builder.ts'
import type { ArchiveSource } from '../source.ts'

/** Answers as the script for Python would, from `backend.js` of the working folder. */
const program = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs')
const [, , , requestPath, answerPath] = process.argv
const request = JSON.parse(readFileSync(requestPath))
appendFileSync(__dirname + '/calls', request.hook + '\\n')
const path = process.cwd() + '/backend.js'
const answer = (value) => writeFileSync(answerPath, JSON.stringify(value))
if (!existsSync(path)) answer({ outcome: 'no-backend', message: "No module named 'nothing'" })
else {
  const hook = require(path)[request.hook]
  if (hook === undefined) answer({ outcome: 'no-hook' })
  else answer({ outcome: 'done', value: hook(...request.arguments) })
}
`

export interface ScriptedPython extends AsyncDisposable {
  readonly folder: TemporaryFolder
  readonly cache: CacheFolder
  readonly events: BuildEvent[]
  /** What was to be put into environments, one line a call. */
  readonly installed: string[]
  /** Every hook that was called. */
  calls(): string[]
  builder(options?: Partial<BuildOptions>): Builder
  /** Writes an sdist and says what it is. */
  archive(sdist: SdistBuilder): ArchiveSource
  /** Writes a folder with a project. */
  project(name: string, files: Readonly<Record<string, string>>): { kind: 'folder'; path: string }
}

export async function scriptedPython(): Promise<ScriptedPython> {
  const folder = await temporaryFolder()
  const python = folder.join('python')
  writeFileSync(python, program)
  chmodSync(python, 0o755)
  const cache = new CacheFolder(folder.join('cache'))
  const events: BuildEvent[] = []
  const installed: string[] = []
  const base: BuildOptions = {
    interpreter: interpreterAt(python, folder.path),
    cache,
    installInto: async (_environment, requirements) => {
      installed.push(names(requirements))
    },
    onEvent: (event) => events.push(event),
    env: {},
  }
  return {
    folder,
    cache,
    events,
    installed,
    calls: () => readFileSync(folder.join('calls'), 'utf8').trim().split('\n'),
    builder: (options) => new Builder({ ...base, ...options }),
    archive(sdist) {
      const { filename, bytes, fields } = sdist.build()
      const path = folder.join(filename)
      writeFileSync(path, bytes)
      return { kind: 'archive', path, filename, sha256: fields.get('sha256_digest')![0]! }
    },
    project(name, files) {
      const path = folder.join(name)
      mkdirSync(path)
      for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
      return { kind: 'folder', path }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** A `backend.js` with these hooks, each the body of a function of `(into, settings, metadata)`. */
export function backend(hooks: Readonly<Record<string, string>>): string {
  const lines = Object.entries(hooks).map(
    ([name, body]) => `exports.${name} = (into, settings, metadata) => { ${body} }\n`,
  )
  return `const fs = require('node:fs')\n${lines.join('')}`
}

/** The body of a hook that writes a file of these bytes and returns its name. */
export function writes({ filename, bytes }: { filename: string; bytes: Uint8Array }): string {
  const content = `Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')`
  return `fs.writeFileSync(into + '/${filename}', ${content}); return '${filename}'`
}

function names(requirements: readonly Requirement[]): string {
  return requirements.map(String).join(' ')
}

export function requirements(...texts: string[]): Requirement[] {
  return texts.map(parseRequirement)
}

function interpreterAt(executable: string, prefix: string): Interpreter {
  const scheme = (root: string) => ({
    purelib: join(root, 'lib', 'site-packages'),
    platlib: join(root, 'lib', 'site-packages'),
    scripts: join(root, 'bin'),
    headers: join(root, 'include'),
    data: root,
  })
  return new Interpreter({
    executable,
    prefix,
    basePrefix: prefix,
    baseExecutable: executable,
    stdlib: join(prefix, 'lib'),
    markers: {
      implementation_name: 'cpython',
      implementation_version: '3.12.1',
      os_name: 'posix',
      platform_machine: 'x86_64',
      platform_python_implementation: 'CPython',
      platform_release: '6.1',
      platform_system: 'Linux',
      platform_version: '#1',
      python_full_version: '3.12.1',
      python_version: '3.12',
      sys_platform: 'linux',
    },
    description: {
      implementation: 'cpython',
      version: [3, 12],
      platform: { platform: 'linux', arch: 'x86_64', glibc: [2, 36] },
    },
    cacheTag: 'cpython-312',
    paths: scheme(prefix),
    prefixPaths: scheme('{prefix}'),
    virtualPaths: scheme('{prefix}'),
    userPaths: scheme('{userbase}'),
    userBase: prefix,
    sitePackages: [],
    hasSystemSitePackages: false,
  })
}
