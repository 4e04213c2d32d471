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
  const frozen = files.flatMap((file) => {
    const text = readFileSync(session.resolve(file), 'utf8').replace(/^\uFEFF/, '')
    return joinLines(text).flatMap((line) => {
      const name = nameIn(line)
      if (name === undefined) return [line]
      const found = left.get(name)
      left.delete(name)
      if (found === undefined && !lines.has(name)) {
        session.printer.warning(`${file} asks for ${line.trim()}, and ${name} is not installed`)
      }
      return found === undefined ? [] : [found]
    })
  })
  while (frozen.at(-1) === '') frozen.pop()
  return left.size === 0 ? frozen : [...frozen, rest, ...left.values()]
}

function joinLines(text: string): string[] {
  return text.replace(/\\\r?\n/g, '').split(/\r?\n/)
}

/** Undefined for comments, options, and what does not say its name. */
function nameIn(line: string): NormalizedName | undefined {
  const text = line.replace(/(^|\s)#.*$/, '').trim()
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
