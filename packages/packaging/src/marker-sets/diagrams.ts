/**
 * Decision diagrams: truth that depends on the values of variables, each value set written in one way only. So two
 * diagrams of one `Diagrams` mean the same exactly when they are the same object.
 */

/** What a variable's labels are: cuts of an ordered line, or texts beside which there are others. */
export type LabelKind = 'cuts' | 'texts'

/** Truth, or a variable whose value decides which diagram to go on with. */
export type Diagram = boolean | Branching

export interface Branching {
  readonly id: number
  readonly variable: Variable
  /** Ascending. */
  readonly labels: readonly string[]
  /** One more than labels: from each cut on, the first before all cuts; of each text, the last of all other texts. */
  readonly children: readonly Diagram[]
}

export interface Variable {
  readonly name: string
  readonly kind: LabelKind
  /** Those of lower rank are decided first; two of one rank go by name. */
  readonly rank: number
}

/**
 * Thrown where markers combine into more cases than anybody means.
 *
 * @example
 * ```ts
 * const letters = Array.from('abcdefghijklmnopqrst')
 * const pairs = letters.map((each) => `("${each.toUpperCase()}" in os_name and "${each}" in sys_platform)`)
 * new MarkerSets().of(parseMarker(pairs.join(' or '))) // throws MarkersTooComplex
 * ```
 */
export class MarkersTooComplex extends Error {
  override readonly name = 'MarkersTooComplex'

  constructor() {
    super('The markers combine into too many cases: simplify them')
  }
}

/** How many cases there may be before markers count as hostile. Real locks have a few hundred. */
const mostBranchings = 20_000

/** Makes diagrams and combines them. */
export class Diagrams {
  readonly #known = new Map<string, Branching>()
  readonly #products = new Map<string, Diagram>()
  readonly #opposites = new Map<Branching, Diagram>()

  /** The diagram that branches on a variable; children that are the same are joined. */
  branch(variable: Variable, labels: readonly string[], children: readonly Diagram[]): Diagram {
    const telling = labels.map((_, at) => {
      const other = variable.kind === 'cuts' ? children[at + 1] : children.at(-1)
      return children[at] !== other
    })
    if (!telling.includes(true)) return children.at(-1)!
    const keptLabels = labels.filter((_, at) => telling[at])
    const keptChildren = [...children.slice(0, -1).filter((_, at) => telling[at]), children.at(-1)!]
    const key = `${variable.name} ${JSON.stringify(keptLabels)} ${keptChildren.map(nameOf)}`
    const known = this.#known.get(key)
    if (known) return known
    if (this.#known.size >= mostBranchings) throw new MarkersTooComplex()
    const id = this.#known.size
    const made = { id, variable, labels: keptLabels, children: keptChildren }
    this.#known.set(key, made)
    return made
  }

  and(a: Diagram, b: Diagram): Diagram {
    if (a === false || b === false) return false
    if (a === true || a === b) return b
    if (b === true) return a
    const key = a.id < b.id ? `${a.id},${b.id}` : `${b.id},${a.id}`
    let product = this.#products.get(key)
    if (product === undefined) {
      product = this.#multiply(a, b)
      this.#products.set(key, product)
    }
    return product
  }

  or(a: Diagram, b: Diagram): Diagram {
    return this.not(this.and(this.not(a), this.not(b)))
  }

  not(diagram: Diagram): Diagram {
    if (typeof diagram === 'boolean') return !diagram
    let opposite = this.#opposites.get(diagram)
    if (opposite === undefined) {
      const { variable, labels, children } = diagram
      opposite = this.branch(
        variable,
        labels,
        children.map((child) => this.not(child)),
      )
      this.#opposites.set(diagram, opposite)
    }
    return opposite
  }

  #multiply(a: Branching, b: Branching): Diagram {
    const order = compareVariables(a.variable, b.variable)
    if (order !== 0) {
      const [first, second] = order < 0 ? [a, b] : [b, a]
      const children = first.children.map((child) => this.and(child, second))
      return this.branch(first.variable, first.labels, children)
    }
    const labels = [...new Set([...a.labels, ...b.labels])].sort(compareTexts)
    const children = [...labels, undefined].map((label) => {
      return this.and(childBefore(a, label), childBefore(b, label))
    })
    return this.branch(a.variable, labels, children)
  }
}

/** The child for the values just before a cut, or of a text; without a label the last one. */
function childBefore(
  { variable, labels, children }: Branching,
  label: string | undefined,
): Diagram {
  if (label === undefined) return children.at(-1)!
  const at =
    variable.kind === 'cuts' ? labels.findIndex((each) => each >= label) : labels.indexOf(label)
  return children.at(at)!
}

function compareVariables(a: Variable, b: Variable): number {
  return a.rank - b.rank || compareTexts(a.name, b.name)
}

/** By code units, as `<` compares. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function nameOf(diagram: Diagram): string {
  return typeof diagram === 'boolean' ? `${diagram}` : `${diagram.id}`
}
