/** `cheese freeze -r FILE`: in the order of files of requirements, with their comments and options. */

import { readFileSync } from 'node:fs'
import type { InstalledProject } from '@cheeseshop/installer'
import { type NormalizedName, tryParseName, tryParseRequirement } from '@cheeseshop/packaging'
import type { Session } from '../session.ts'

/** The heading is pip's. */
const rest = '## The following requirements were added by pip freeze:'

/** The lines of the files with what is installed in place of what they ask for, then everything else. */
export function freezeByFiles(
  session: Session,
  files: readonly string[],
  lines: ReadonlyMap<NormalizedName, string>,
): string[] {
  if (files.length === 0) return [...lines.values()]
  const left = new Map(lines)
  // As in pip, options and comments that files share stand once.
  const kept = new Set<string>()
  const askers = new Map<NormalizedName, string[]>()
  const frozen = files.flatMap((file) => {
    const text = readFileSync(session.resolve(file), 'utf8').replace(/^\uFEFF/, '')
    return joinLines(text.trimEnd()).flatMap((line) => {
      const name = nameIn(line)
      if (name === undefined) {
        if (kept.has(line)) return []
        kept.add(line)
        return [line]
      }
      askers.set(name, [...(askers.get(name) ?? []), file])
      const found = left.get(name)
      left.delete(name)
      if (!lines.has(name)) {
        session.printer.warning(`${file} asks for ${withoutComment(line)}, which is not there`)
      }
      return found ?? []
    })
  })
  for (const [name, files] of askers) {
    if (files.length > 1)
      session.printer.warning(`${name} is asked for again (${files.join(', ')})`)
  }
  while (frozen.at(-1) === '') frozen.pop()
  return [...frozen, rest, ...left.values()]
}

function joinLines(text: string): string[] {
  return text.replace(/\\\r?\n/g, '').split(/\r?\n/)
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, '').trim()
}

/** Undefined for comments, options, and what does not say its name. */
function nameIn(line: string): NormalizedName | undefined {
  const text = withoutComment(line)
  const fragment = /^(?:-e|--editable)[\s=].*[#&]egg=([A-Za-z0-9._-]{1,200})/.exec(line.trim())
  if (fragment) return tryParseName(fragment[1]!)
  if (text === '' || text.startsWith('-')) return undefined
  return tryParseRequirement(text.replace(/\s--?\w[\s\S]*$/, ''))?.normalizedName
}

/** By name, in the order given. */
export function linesByName(
  projects: readonly InstalledProject[],
  line: (project: InstalledProject) => string,
): Map<NormalizedName, string> {
  return new Map(projects.map((project) => [project.name, line(project)]))
}
