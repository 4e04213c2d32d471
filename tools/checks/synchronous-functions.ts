/** Which functions a file can name that give no promise. Not all: what is unknown may give one. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

export interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

export function parse(text: string, path: string): Node {
  const lang = path.endsWith('.tsx') ? 'tsx' : 'ts'
  return parseAst(text, { lang }) as unknown as Node
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode)
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** Whether it is async, or says `Promise`. */
export function givesPromise(node: Node): boolean {
  return node['async'] === true || JSON.stringify(node['returnType'] ?? '').includes('"Promise"')
}

/** Functions of the file, and those it imports from files beside it, that say what they return. */
export async function synchronousFunctions(program: Node, path: string): Promise<Set<string>> {
  const names = declaredIn(program)
  for (const { type, source, specifiers } of childrenOf(program)) {
    const from = String(isNode(source) && source['value'])
    if (type !== 'ImportDeclaration' || !from.startsWith('.')) continue
    const file = join(dirname(path), from)
    const there = declaredIn(parse(await readFile(file, 'utf8').catch(() => ''), file))
    for (const { imported, local } of specifiers as Node[]) {
      if (isNode(imported) && there.has(nameOf(imported))) names.add(nameOf(local))
    }
  }
  return names
}

function declaredIn(program: Node): Set<string> {
  const declarations = childrenOf(program).flatMap((node) => [node, ...childrenOf(node)])
  const known = declarations.filter(
    (node) => node.type === 'FunctionDeclaration' && node['returnType'] && !givesPromise(node),
  )
  return new Set(known.map((node) => nameOf(node['id'])))
}

function nameOf(node: unknown): string {
  return String((node as Node)['name'])
}
