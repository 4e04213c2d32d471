/** From the JSON an operator writes to policy rules, with every mistake named at once. */
import { duration } from '../../config/value-types.ts'
import { DomainError, type Problem } from '../errors.ts'
import { severities } from './advisory.ts'
import type { FilesOf, PolicyRule, RuleKind, ShownKind, Target } from './policy-rule.ts'
import { tryParseTarget } from './target.ts'

const mostRules = 200
const mostItems = 5_000
/** Each is compared with each file of a project. */
const mostWords = 1_000
/** Of one project, or of beginnings: each of these has to be asked of each version. */
const mostRanges = 100
/** Beyond this there are no dates to reckon with. */
const longestAge = 100 * 366 * 86_400_000

/** A JSON list of objects, each with "rule" and what that rule takes. DomainError `invalid` with all problems. */
export function readRules(value: unknown): PolicyRule[] {
  if (!Array.isArray(value) || value.length > mostRules) {
    throw new DomainError('invalid', `A policy is a list of up to ${mostRules} rules.`)
  }
  const problems: Problem[] = []
  const rules = value.flatMap((item, place) => new RuleReader(item, place, problems).read() ?? [])
  for (const name of duplicateNames(rules)) {
    problems.push(
      problem(`Two rules are called ${JSON.stringify(name)}. Give each its own "name".`),
    )
  }
  const crowded = crowdedName(rules)
  if (crowded !== undefined) {
    problems.push(problem(`More than ${mostRanges} ranges of versions are about ${crowded}.`))
  }
  if (problems.length > 0) throw new DomainError('invalid', problems)
  return rules
}

/** What an owner of one index may write must not keep the server from answering for all. */
function crowdedName(rules: readonly PolicyRule[]): string | undefined {
  const counts = new Map<string, number>()
  for (const rule of rules) {
    const named = rule.rule === 'names' ? [...(rule.allow ?? []), ...rule.deny] : []
    for (const { name, isPrefix, versions } of [...(rule.only ?? []), ...rule.except, ...named]) {
      const about = isPrefix ? 'beginnings such as acme-*' : name
      if (versions) counts.set(about, (counts.get(about) ?? 0) + 1)
    }
  }
  return [...counts].find(([, count]) => count > mostRanges)?.[0]
}

function duplicateNames(rules: readonly PolicyRule[]): string[] {
  const seen = new Set<string>()
  return rules.map(({ name }) => name).filter((name) => seen.has(name) || !seen.add(name))
}

const problem = (message: string): Problem => ({ code: 'policy-invalid', message })

/** The facts each kind of rule takes beside those that all take. */
const kinds: { [Kind in RuleKind]: (reader: RuleReader) => object } = {
  'minimum-age': (reader) => ({
    milliseconds: reader.duration('age'),
    exceptFixes: reader.flag('except-fixes', true),
  }),
  'not-after': (reader) => ({ time: reader.time('time') }),
  advisories: (reader) => ({
    from: reader.choice('from', severities, 'unknown'),
    action: reader.choice('action', ['hide', 'warn'], 'hide'),
  }),
  licences: (reader) => ({
    ...reader.optionalList('allow'),
    deny: reader.list('deny'),
    unknown: reader.choice('unknown', ['show', 'hide'], 'show'),
  }),
  names: (reader) => ({ ...reader.optionalTargets('allow'), deny: reader.targets('deny') }),
  yanked: () => ({}),
  prereleases: () => ({}),
  'file-kinds': (reader) => ({ show: reader.kinds('show') }),
  platforms: (reader) => ({ show: reader.list('show', 1) }),
}

/** Waiting makes sense for what strangers publish; the team's own uploads are wanted at once. */
const filesOf: Partial<Record<RuleKind, FilesOf>> = { 'minimum-age': 'upstream' }

class RuleReader {
  readonly #fields: Map<string, unknown>
  readonly #place: number
  readonly #problems: Problem[]
  readonly #used = new Set<string>(['rule'])

  constructor(value: unknown, place: number, problems: Problem[]) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    this.#fields = new Map(isObject ? Object.entries(value) : [])
    this.#place = place + 1
    this.#problems = problems
  }

  read(): PolicyRule | undefined {
    const known = Object.keys(kinds) as RuleKind[]
    const kind = known.find((name) => name === this.#fields.get('rule'))
    if (kind === undefined) {
      this.#object('rule', `must be one of ${known.join(', ')}`)
      return undefined
    }
    const rule = {
      rule: kind,
      name: this.#text('name', kind),
      files: this.choice('files', ['hosted', 'upstream', 'all'], filesOf[kind] ?? 'all'),
      ...this.optionalTargets('only'),
      except: this.targets('except'),
      ...kinds[kind](this),
    } as PolicyRule
    for (const key of this.#fields.keys()) {
      if (!this.#used.has(key)) this.#object(key, `is nothing the rule "${kind}" takes`)
    }
    return rule
  }

  choice<Value extends string>(key: string, choices: readonly Value[], fallback?: Value): Value {
    const value = this.#take(key) ?? fallback
    const found = choices.find((choice) => choice === value)
    if (found === undefined) this.#object(key, `must be one of ${choices.join(', ')}`)
    return found ?? (choices[0] as Value)
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#take(key) ?? fallback
    if (typeof value !== 'boolean') this.#object(key, 'must be true or false')
    return value === true
  }

  duration(key: string): number {
    const value = this.#take(key)
    const milliseconds = typeof value === 'string' ? duration.parse(value) : undefined
    const isAge = milliseconds !== undefined && milliseconds <= longestAge
    if (!isAge) this.#object(key, 'must be a time such as "72h" or "7d", of a century at most')
    return milliseconds ?? 0
  }

  time(key: string): string {
    const value = this.#take(key)
    const time =
      typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : null
    if (time === null || Number.isNaN(time.getTime())) {
      this.#object(key, 'must be a date or time such as "2026-11-01"')
      return ''
    }
    return time.toISOString()
  }

  list(key: string, least = 0, most = mostWords): string[] {
    const value = this.#take(key) ?? []
    const isList =
      Array.isArray(value) &&
      value.length >= least &&
      value.length <= most &&
      value.every((item) => typeof item === 'string' && item.length <= 500)
    if (!isList) this.#object(key, `must be a list of at most ${most} texts`)
    return isList ? value : []
  }

  optionalList(key: string): { [key: string]: string[] } {
    return this.#fields.has(key) ? { [key]: this.list(key) } : {}
  }

  targets(key: string): Target[] {
    return this.list(key, 0, mostItems).flatMap((text) => {
      const target = tryParseTarget(text)
      if (target === undefined) {
        this.#object(
          key,
          `has ${JSON.stringify(text.slice(0, 100))}, which is none of flask, acme-*, flask>=3`,
        )
      }
      return target ?? []
    })
  }

  optionalTargets(key: string): { [key: string]: Target[] } {
    return this.#fields.has(key) ? { [key]: this.targets(key) } : {}
  }

  kinds(key: string): ShownKind[] {
    const list = this.list(key, 1)
    const known = list.filter((kind) => kind === 'wheel' || kind === 'sdist')
    if (known.length < list.length) this.#object(key, 'may name "wheel" and "sdist"')
    return known
  }

  #text(key: string, fallback: string): string {
    const value = this.#take(key) ?? fallback
    if (typeof value === 'string' && /^[\w .:-]{1,60}$/.test(value)) return value
    this.#object(key, 'must be up to 60 letters, digits, spaces, "-", "_", "." or ":"')
    return fallback
  }

  #take(key: string): unknown {
    this.#used.add(key)
    return this.#fields.get(key)
  }

  #object(key: string, what: string): void {
    this.#problems.push(
      problem(`Rule ${this.#place}: ${JSON.stringify(key.slice(0, 60))} ${what}.`),
    )
  }
}
