/** `cheese tree`: what is installed, by who requires what. */

import {
  type InstalledProject,
  type InstalledProjects,
  requirementsInForce,
} from '@cheeseshop/installer'
import { type MarkerEnvironment, type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { UsageError } from '../report/usage-error.ts'
import { readInstalled } from './installed.ts'

export const tree = defineCommand({
  summary: 'Shows what is installed as a tree of who requires what.',
  operands: '[NAME...]',
  options: {
    invert: {
      kind: 'flag',
      aliases: ['reverse'],
      help: 'From what is required to who requires it.',
    },
    depth: { kind: 'text', short: 'd', placeholder: 'N', help: 'How far to go down. [255]' },
    prune: { kind: 'list', placeholder: 'NAME', help: 'Leave this project and all below it out.' },
    format: formatOption,
  },
  onlyLooks: true,
  async run(session, values) {
    const environment = await session.openEnvironment()
    const installed = readInstalled(session, environment)
    const edges = findEdges(installed, environment.interpreter.markers)
    const branches = values.invert ? inverted(edges) : edges
    const roots =
      session.words.length > 0 ? named(session.words, installed) : topOf(branches, installed)
    const depth = values.depth === undefined ? 255 : Number(values.depth)
    if (!Number.isInteger(depth) || depth < 0)
      throw new UsageError(`--depth: ${values.depth} is no number`)
    const walk = { branches, installed, depth, pruned: new Set(values.prune.map(normalizeName)) }
    const nodes = roots
      .filter(({ name }) => !walk.pruned.has(name))
      .map((root) => grow(root, undefined, { walk, above: [] }))
    if (values.format === 'json') session.printer.data(JSON.stringify(nodes))
    else if (nodes.length > 0)
      session.printer.data(nodes.flatMap((node) => draw(node, new Set())).join('\n'))
    return 0
  },
})

/** What a project requires, or who requires it, with the versions that are asked for. */
type Edges = ReadonlyMap<NormalizedName, ReadonlyMap<NormalizedName, string>>

interface Walk {
  readonly branches: Edges
  readonly installed: InstalledProjects
  readonly depth: number
  readonly pruned: ReadonlySet<string>
}

interface Node {
  readonly name: NormalizedName
  /** `undefined` for what is required and not there. */
  readonly version: string | undefined
  /** The versions that the one above asks for, or of an inverted tree that it asks for of the one above. */
  readonly specifier: string | undefined
  readonly children: readonly Node[]
}

function findEdges({ projects }: InstalledProjects, environment: MarkerEnvironment): Edges {
  const inForce = requirementsInForce(projects, environment)
  return new Map(
    [...inForce].map(([name, requirements]) => {
      const requires = requirements
        .filter(({ normalizedName }) => normalizedName !== name)
        .sort((a, b) => (a.normalizedName < b.normalizedName ? -1 : 1))
        .map((each) => [each.normalizedName, each.specifier.toString()] as const)
      return [name, new Map(requires)]
    }),
  )
}

function inverted(edges: Edges): Edges {
  const turned = new Map<NormalizedName, Map<NormalizedName, string>>()
  for (const [name, requires] of edges) {
    for (const [required, specifier] of requires) {
      const known = turned.get(required) ?? new Map()
      turned.set(required, known.set(name, specifier))
    }
  }
  return turned
}

function named(words: readonly string[], installed: InstalledProjects): InstalledProject[] {
  return words.map((word) => {
    const project = installed.get(normalizeName(word))
    if (project === undefined) throw new UsageError(`${word} is not installed`)
    return project
  })
}

/** What nothing leads to; of a circle that nothing leads to, its first. */
function topOf(branches: Edges, installed: InstalledProjects): InstalledProject[] {
  const led = new Set([...branches.values()].flatMap((each) => [...each.keys()]))
  const roots = installed.projects.filter(({ name }) => !led.has(name))
  const reached = new Set<NormalizedName>()
  const reach = (name: NormalizedName) => {
    if (reached.has(name)) return
    reached.add(name)
    for (const next of branches.get(name)?.keys() ?? []) reach(next)
  }
  for (const { name } of roots) reach(name)
  for (const project of installed.projects) {
    if (reached.has(project.name)) continue
    roots.push(project)
    reach(project.name)
  }
  return roots
}

interface Place {
  readonly walk: Walk
  readonly above: readonly NormalizedName[]
}

function grow(
  { name }: { name: NormalizedName },
  specifier: string | undefined,
  { walk, above }: Place,
): Node {
  const isCircle = above.includes(name)
  const below = isCircle || above.length >= walk.depth ? [] : [...(walk.branches.get(name) ?? [])]
  return {
    name,
    version: walk.installed.get(name)?.version.toString(),
    specifier,
    children: below
      .filter(([child]) => !walk.pruned.has(child))
      .map(([child, asked]) => grow({ name: child }, asked, { walk, above: [...above, name] })),
  }
}

/** What was drawn with its branches once is only named again. */
function draw(node: Node, drawn: Set<string>): string[] {
  const version = node.version === undefined ? '(not installed)' : node.version
  const asked = node.specifier ? ` [${node.specifier}]` : ''
  const isRepeated = drawn.has(node.name) && node.children.length > 0
  drawn.add(node.name)
  const head = `${node.name} ${version}${asked}${isRepeated ? ' (*)' : ''}`
  if (isRepeated) return [head]
  return [
    head,
    ...node.children.flatMap((child, at) => {
      const isLast = at === node.children.length - 1
      const [first = '', ...rest] = draw(child, drawn)
      return [
        `${isLast ? '└── ' : '├── '}${first}`,
        ...rest.map((each) => `${isLast ? '    ' : '│   '}${each}`),
      ]
    }),
  ]
}
