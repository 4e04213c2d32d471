/** Says where each file of a wheel goes, and refuses the places that no file of a wheel may have (PEP 427). */
import type { ZipEntry } from '@cheeseshop/archive'
import { type EntryPoint, scriptProblem, type WheelDescription } from '@cheeseshop/packaging'
import type { SchemeKey } from '../environment/scheme.ts'
import type { Launcher } from './cached-wheel.ts'
import { InvalidWheel } from './invalid-wheel.ts'

export interface WheelLayout {
  /** Paths in the archive. */
  readonly root: readonly string[]
  readonly data: readonly {
    readonly name: string
    readonly key: SchemeKey
    readonly target: string
  }[]
  readonly consoleScripts: readonly Launcher[]
  readonly guiScripts: readonly Launcher[]
}

/** What an installer writes itself, whatever the wheel holds. */
const writtenByInstallers = ['RECORD', 'INSTALLER', 'REQUESTED', 'direct_url.json']

const schemeKeys: ReadonlySet<string> = new Set<SchemeKey>([
  'purelib',
  'platlib',
  'scripts',
  'headers',
  'data',
])

export interface WheelToLayOut extends Pick<WheelDescription, 'distInfo' | 'entryPoints'> {
  readonly entries: readonly Pick<ZipEntry, 'name' | 'isDirectory' | 'isSymlink'>[]
}

/** Throws `InvalidWheel`. */
export function layOut(filename: string, contents: WheelToLayOut): WheelLayout {
  const refuse = (code: string, message: string, entry?: string) =>
    InvalidWheel.because(filename, { code, message, entry })
  const consoleScripts = launchers('console_scripts', contents, refuse)
  const guiScripts = launchers('gui_scripts', contents, refuse)
  const generated = new Set([...consoleScripts, ...guiScripts].map(({ name }) => name))
  const skipped = new Set(writtenByInstallers.map((name) => `${contents.distInfo}/${name}`))
  const root: string[] = []
  const data: { name: string; key: SchemeKey; target: string }[] = []
  for (const entry of contents.entries) {
    if (entry.isDirectory || skipped.has(entry.name)) continue
    if (entry.isSymlink) throw refuse('symlink', 'It holds a symbolic link.', entry.name)
    const parts = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(entry.name)
    if (parts === null) {
      if (/^[^/]+\.data\//.test(entry.name)) throw refuse('data-key', dataSentence, entry.name)
      root.push(entry.name)
      continue
    }
    const [, key, target] = parts as unknown as [string, string, string]
    if (!schemeKeys.has(key)) throw refuse('data-key', dataSentence, entry.name)
    if (key === 'scripts') {
      const problem = scriptNameProblem(target)
      if (problem !== undefined) throw refuse('script-name', problem, entry.name)
      // Old build tools put launchers of their own machine there.
      if (generated.has(target.replace(/(-script\.pyw?|\.exe|\.pya)$/, ''))) continue
    }
    if (key === 'data') {
      const problem = environmentProblem(target)
      if (problem !== undefined) throw refuse('environment-file', problem, entry.name)
    }
    data.push({ name: entry.name, key: key as SchemeKey, target })
  }
  return { root, data, consoleScripts, guiScripts }
}

const dataSentence =
  'It has a file in .data/ that belongs to none of purelib, platlib, scripts, headers and data.'

/** Why no script may have this name, or undefined. */
export function scriptNameProblem(name: string): string | undefined {
  if (name.includes('/'))
    return `The script ${JSON.stringify(name.slice(0, 120))} lies in a folder of its own.`
  if (/^(python|pypy|graalpy)w?[\d.]*t?(\.exe|\.py)?$/i.test(name))
    return `The script ${JSON.stringify(name)} has the name of an interpreter and would replace it.`
  return undefined
}

/** Files of data lie in the folder of the environment, beside what makes it one. */
function environmentProblem(target: string): string | undefined {
  const [, script] = /^(?:bin|scripts)\/([^/]+)$/i.exec(target) ?? []
  if (script !== undefined) return scriptNameProblem(script)
  return target === 'pyvenv.cfg' ? 'It would replace what makes the environment one.' : undefined
}

type Refuse = (code: string, message: string, entry?: string) => InvalidWheel

function launchers(
  group: string,
  { entryPoints, distInfo }: WheelToLayOut,
  refuse: Refuse,
): Launcher[] {
  return (entryPoints?.get(group) ?? []).map((point: EntryPoint) => {
    const problem = scriptProblem(point) ?? scriptNameProblem(point.name)
    if (problem !== undefined)
      throw refuse('entry-points-invalid', problem, `${distInfo}/entry_points.txt`)
    return { name: point.name, module: point.module, attribute: point.attribute! }
  })
}
