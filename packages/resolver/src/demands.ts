/** Turns what the user and each chosen version ask for into incompatibilities. */

import { type NormalizedName, normalizeName, type Requirement } from '@cheeseshop/packaging'
import type { DirectUrls } from './direct-urls.ts'
import type { RequirementFact } from './facts.ts'
import { isPinClause, type Manifest } from './manifest.ts'
import { Extra, type Project } from './project.ts'
import { difference, hasBit, isDisjoint, isEmpty, oneBit } from './pubgrub/bit-set.ts'
import { absent, type Variable } from './pubgrub/variable.ts'
import { isSameAddress } from './same-address.ts'
import type { Universe } from './universe.ts'

type Term = readonly [Variable, Int32Array]

/** Who asks: the user, or one version of a project, perhaps for an extra. */
interface Asker {
  readonly terms: readonly Term[]
  readonly project?: Project
  readonly value?: number
  readonly extra?: NormalizedName | undefined
  readonly stated?: RequirementFact['stated']
}

export class Demands {
  readonly #manifest: Manifest
  readonly #universe: Universe
  readonly #urls: DirectUrls

  constructor(manifest: Manifest, universe: Universe, urls: DirectUrls) {
    this.#manifest = manifest
    this.#universe = universe
    this.#urls = urls
  }

  async stateRoot(): Promise<void> {
    const { stated } = this.#manifest
    const loading = this.#universe.load(stated.map(({ requirement }) => requirement.normalizedName))
    if (loading) await loading
    for (const [place, { requirement, origin }] of stated.entries()) {
      const terms = [[this.#universe.root, oneBit(2, 1)] as const]
      this.#state({ terms, stated: { origin, place } }, requirement)
    }
  }

  /**
   * States what a version asks for, by itself (`undefined`) or for extras; a promise only if projects are yet to be
   * looked up.
   */
  state(
    project: Project,
    value: number,
    reasons: readonly (Extra | undefined)[],
  ): Promise<void> | undefined {
    const dependencies = project.dependencies.get(value)
    if (dependencies === undefined || 'unavailable' in dependencies) return undefined
    const own: Term = [project, oneBit(project.size, value)]
    const demands = reasons.flatMap((extra) => {
      const terms: Term[] = extra ? [own, [extra, oneBit(2, Extra.on)]] : [own]
      const asker = { terms, project, value, extra: extra?.name }
      const requirements = this.#manifest.inForce(
        dependencies.requires,
        project.candidate(value),
        extra?.name,
      )
      return requirements.map((requirement) => ({ asker, requirement }))
    })
    // Of a project whose best version did not do, most of the next ones are refused, too.
    const isFirst = (project.followed ?? value) === value
    const isLikely = isFirst && !this.#isRefused(project, demands)
    if (isLikely) project.followed = value
    const names = demands.map((each) => each.requirement.normalizedName)
    const loading = this.#universe.load(names, isLikely)
    const stateAll = () => {
      for (const { asker, requirement } of demands) this.#state(asker, requirement)
    }
    if (loading) return loading.then(stateAll)
    stateAll()
    return undefined
  }

  /** Whether what is decided leaves no version that one of them wants: nothing that comes with it is needed then. */
  #isRefused(asker: Project, demands: readonly { readonly requirement: Requirement }[]): boolean {
    return demands.some(({ requirement: { normalizedName, specifier } }) => {
      const target = this.#universe.projects.get(normalizedName)
      if (target === undefined || target === asker) return false
      return isDisjoint(target.left, target.matching(specifier))
    })
  }

  #state(asker: Asker, requirement: Requirement): void {
    const target = this.#universe.project(requirement.normalizedName)
    if (!this.#mayAsk(asker, requirement)) return
    const fact: RequirementFact = {
      kind: 'requirement',
      project: asker.project,
      extra: asker.extra,
      requirement,
      stated: asker.stated,
      target,
    }
    const from = asker.terms.map(([variable]) => variable.id)
    if (requirement.marker !== undefined) this.#universe.stateConstraints(target, requirement)
    this.#stateVersions(asker, target, fact, from)
    for (const name of requirement.extras) {
      const extra = this.#universe.extra(target, normalizeName(name))
      const terms = [...asker.terms, [extra, oneBit(2, absent)] as const]
      this.#universe.state(`${from} needs ${target.id}[${extra.id}]`, terms, fact)
    }
  }

  #stateVersions(asker: Asker, target: Project, fact: RequirementFact, from: number[]): void {
    const { specifier } = fact.requirement
    const matching = target.matching(specifier)
    // A version that requires its own project, as extras made of extras do, says something only if it refuses itself.
    const isOwn = target === asker.project
    if (isOwn && hasBit(matching, asker.value!)) return
    const others = difference(target.domain, matching)
    const terms = isOwn ? asker.terms : [...asker.terms, [target, others] as const]
    const key = `${from} needs ${target.id} ${specifier.specifiers}`
    const made = this.#universe.state(isOwn ? `${key} itself` : key, terms, fact)
    if (specifier.specifiers.some(isPinClause) && !isEmpty(matching)) target.isPinned = true
    target.demands.add(made)
  }

  /** Only the user, and what comes from a direct URL, may bring a direct URL in. */
  #mayAsk(asker: Asker, { normalizedName, url }: Requirement): boolean {
    if (url === undefined) return true
    const known = this.#urls.get(normalizedName)
    if (known !== undefined && isSameAddress(known, url)) return true
    const { project, value } = asker
    this.#universe.stateUnusable(project!, oneBit(project!.size, value!), {
      kind: 'policy',
      message: `requires ${normalizedName} from a URL, which only your own requirements may do`,
    })
    return false
  }
}
