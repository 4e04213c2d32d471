/** Where `using` closes something at the end of a block, a promise that is returned from it must be awaited there. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  childrenOf,
  givesPromise,
  isNode,
  type Node,
  parse,
  synchronousFunctions,
} from './synchronous-functions.ts'
import { listTrackedFiles, refuse } from './tracked-files.ts'

/** Otherwise the caller waits for work with things that are closed already. Only async functions, and those that say `Promise`. */
export async function checkAwaitedReturns(root: string): Promise<void> {
  const paths = (await listTrackedFiles(root)).filter((path) => /\.tsx?$/.test(path))
  const faults = paths.map(async (path) => {
    const text = await readFile(join(root, path), 'utf8')
    if (!/\busing\s+\w/.test(text)) return []
    const program = parse(text, path)
    const known = await synchronousFunctions(program, join(root, path))
    const scope = { isAsync: false, hasUsing: false, known }
    return findBareReturns(program, scope).map((at) => {
      const line = text.slice(0, at).split('\n').length
      return `${path}:${line}: write "return await": what "using" opened is closed before the promise is done`
    })
  })
  refuse((await Promise.all(faults)).flat())
}

interface Scope {
  /** Whether the function gives a promise. */
  readonly isAsync: boolean
  readonly hasUsing: boolean
  /** Functions that give none, whatever calls them. */
  readonly known: ReadonlySet<string>
}

/** Offsets of the returns. */
function findBareReturns(node: Node, scope: Scope): number[] {
  if (node.type === 'ReturnStatement') {
    const isBare = scope.isAsync && scope.hasUsing && givesCall(node['argument'], scope.known)
    return [...(isBare ? [node.start] : []), ...inside(node, scope)]
  }
  if (isFunction(node)) {
    return inside(node, { ...scope, isAsync: givesPromise(node), hasUsing: false })
  }
  if (node.type !== 'BlockStatement') return inside(node, scope)
  const hasUsing = scope.hasUsing || childrenOf(node).some(isUsing)
  return inside(node, { ...scope, hasUsing })
}

function inside(node: Node, scope: Scope): number[] {
  return childrenOf(node).flatMap((child) => findBareReturns(child, scope))
}

function isFunction({ type }: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)
}

function isUsing({ type, kind }: Node): boolean {
  return type === 'VariableDeclaration' && (kind === 'using' || kind === 'await using')
}

/** Methods that give no promise: `items.map(...)`, `JSON.parse(text)`, and the lines of our own. */
const synchronous = new Set(
  'map flatMap filter sort toSorted slice join trim replace replaceAll toString parse stringify from print'.split(
    ' ',
  ),
)

/** A value that is a call, or may be one. */
function givesCall(value: unknown, known: ReadonlySet<string>): boolean {
  if (!isNode(value)) return false
  if (value.type === 'CallExpression') {
    const callee = value['callee'] as Node
    const name = calledName(callee)
    return !synchronous.has(name) && !(callee.type === 'Identifier' && known.has(name))
  }
  if (value.type === 'ImportExpression') return true
  if (value.type === 'NewExpression') return calledName(value['callee']) === 'Promise'
  const passing: Record<string, string[]> = {
    ConditionalExpression: ['consequent', 'alternate'],
    LogicalExpression: ['left', 'right'],
    ParenthesizedExpression: ['expression'],
    ChainExpression: ['expression'],
    TSAsExpression: ['expression'],
    TSNonNullExpression: ['expression'],
    TSSatisfiesExpression: ['expression'],
  }
  return (passing[value.type] ?? []).some((field) => givesCall(value[field], known))
}

/** `map` of `items.map`, `Promise` of `Promise`. */
function calledName(callee: unknown): string {
  if (!isNode(callee)) return ''
  if (callee.type === 'Identifier') return String(callee['name'])
  return callee.type === 'MemberExpression' ? calledName(callee['property']) : ''
}
