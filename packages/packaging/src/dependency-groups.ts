/** Dependency groups: named lists of requirements in pyproject.toml, which may include each other (PEP 735). */

import { normalizeName } from './names.ts'
import { InvalidRequirement, parseRequirement, type Requirement } from './requirements.ts'

/**
 * A `[dependency-groups]` table that cannot be resolved; `group` is where the fault is.
 *
 * @example
 * ```ts
 * resolveDependencyGroup({ a: [{ 'include-group': 'a' }] }, 'a') // throws InvalidDependencyGroup
 * ```
 */
export class InvalidDependencyGroup extends Error {
  override readonly name = 'InvalidDependencyGroup'
  readonly code: 'unknown' | 'duplicate' | 'cycle' | 'malformed' | 'too-large'
  readonly group: string

  constructor(code: InvalidDependencyGroup['code'], group: string, what: string) {
    super(`The dependency group ${JSON.stringify(group.slice(0, 80))} ${what}.`)
    this.code = code
    this.group = group
  }
}

/** Groups that include one another twice over double at every step, so there has to be an end. */
const mostRequirements = 10_000
const deepestInclude = 100

/**
 * The requirements of a group, those of included groups in place. Names are compared in normal form.
 * `groups` is the `[dependency-groups]` table as TOML readers return it. Throws `InvalidDependencyGroup`.
 *
 * @example
 * ```ts
 * const groups = { test: ['pytest>7'], Dev: [{ 'include-group': 'test' }, 'ruff'] }
 * resolveDependencyGroup(groups, 'dev').map(String) // ['pytest>7', 'ruff']
 * ```
 */
export function resolveDependencyGroup(
  groups: Readonly<Record<string, unknown>>,
  name: string,
): Requirement[] {
  return new Resolution(normalizeGroups(groups)).resolve(normalizeName(name), [])
}

function normalizeGroups(groups: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const normalized = new Map<string, unknown>()
  for (const [name, value] of Object.entries(groups)) {
    const key = normalizeName(name)
    if (normalized.has(key)) {
      throw new InvalidDependencyGroup(
        'duplicate',
        key,
        'is there twice, in two spellings; merge them',
      )
    }
    normalized.set(key, value)
  }
  return normalized
}

class Resolution {
  readonly #groups: ReadonlyMap<string, unknown>
  readonly #resolved = new Map<string, readonly Requirement[]>()

  constructor(groups: ReadonlyMap<string, unknown>) {
    this.#groups = groups
  }

  /** `path` holds the groups that led here by their includes. */
  resolve(name: string, path: readonly string[]): Requirement[] {
    const items = this.#lookUp(name, path)
    const requirements: Requirement[] = []
    for (const item of items) {
      if (typeof item === 'string') requirements.push(readRequirement(item, name))
      else requirements.push(...this.#include(includedGroup(item, name), [...path, name]))
      if (requirements.length > mostRequirements) {
        throw new InvalidDependencyGroup(
          'too-large',
          name,
          `has more than ${mostRequirements} requirements`,
        )
      }
    }
    return requirements
  }

  #include(name: string, path: readonly string[]): readonly Requirement[] {
    const known = this.#resolved.get(name)
    if (known !== undefined) return known
    const requirements = this.resolve(name, path)
    this.#resolved.set(name, requirements)
    return requirements
  }

  #lookUp(name: string, path: readonly string[]): readonly unknown[] {
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' -> ').slice(0, 200)
      throw new InvalidDependencyGroup(
        'cycle',
        name,
        `includes itself (${cycle}); remove one of the includes`,
      )
    }
    if (path.length > deepestInclude) {
      throw new InvalidDependencyGroup('too-large', name, `is ${deepestInclude} includes deep`)
    }
    const items = this.#groups.get(name)
    if (Array.isArray(items)) return items
    if (items !== undefined) throw new InvalidDependencyGroup('malformed', name, 'is not a list')
    const includer = path.at(-1)
    const what =
      includer === undefined ? 'does not exist' : `does not exist, and ${includer} includes it`
    throw new InvalidDependencyGroup('unknown', name, what)
  }
}

function includedGroup(item: unknown, group: string): string {
  const isTable = typeof item === 'object' && item !== null && !Array.isArray(item)
  const [[key, value] = [], ...others] = isTable ? Object.entries(item) : []
  if (key !== 'include-group' || typeof value !== 'string' || others.length > 0) {
    throw new InvalidDependencyGroup(
      'malformed',
      group,
      'has an item that is neither a requirement nor { include-group = "name" }',
    )
  }
  return normalizeName(value)
}

function readRequirement(text: string, group: string): Requirement {
  try {
    return parseRequirement(text)
  } catch (error) {
    if (!(error instanceof InvalidRequirement)) throw error
    throw new InvalidDependencyGroup(
      'malformed',
      group,
      `has a wrong requirement: ${error.message}`,
    )
  }
}
