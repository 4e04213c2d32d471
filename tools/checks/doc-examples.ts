/** Finds the `@example` blocks of a source file and turns each into something that can be run and compared. */
import assert from 'node:assert/strict'
import { stripTypeScriptTypes } from 'node:module'

export type DocExample = {
  /** Line of the source file on which the example starts, from 1. */
  line: number
  code: string
}

/** Names an example may use beside what it imports. */
export type Scope = Record<string, unknown>

/** The examples in doc comments, fenced or plain, in the order of the file. */
export function findDocExamples(source: string): DocExample[] {
  const examples: DocExample[] = []
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const text = comment[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, '')
    for (const tag of text.matchAll(/@example[^\n]*\n([\s\S]*?)(?=^@\w|$(?![\s\S]))/gm)) {
      const before = source.slice(0, comment.index) + text.slice(0, tag.index)
      const fenced = /```\w*\n([\s\S]*?)```/.exec(tag[1]!)
      examples.push({ line: before.split('\n').length, code: (fenced?.[1] ?? tag[1]!).trim() })
    }
  }
  return examples
}

/** Runs an example; a line `expression // value` must be equal, `expression // throws Name` must throw. */
export async function runDocExample(example: DocExample, scope: Scope): Promise<void> {
  const body = example.code.split('\n').map(translateLine).join('\n')
  const code = stripTypeScriptTypes(`async function example() {\n${body}\n}`)
  const all: Scope = { ...scope, equal, fails, load: (name: string) => import(name) }
  const names = Object.keys(all).filter((name) => code.includes(name))
  const run = new Function(...names, `'use strict'\nreturn (${code})()`)
  await run(...names.map((name) => all[name]))
}

/** An example that shows no result proves nothing. */
export function showsResult(example: DocExample): boolean {
  return example.code.split('\n').some((line) => translateLine(line).startsWith('await '))
}

function translateLine(line: string): string {
  const imported = /^import (\{[^}]*\}|\* as \w+) from '([^']+)'$/.exec(line)
  if (imported) {
    if (imported[2]!.startsWith('@cheeseshop/')) return ''
    const names = imported[1]!.replace(/^\* as /, '').replace(/ as /g, ': ')
    return `const ${names} = await load('${imported[2]}')`
  }
  const shown = /^(?!const |let |for |if |while |\/\/)(\S.*?);?\s+\/\/ (.+)$/.exec(line)
  if (!shown) return line
  const [, expression, value] = shown
  const thrown = /^throws (\w+)/.exec(value!)
  if (thrown) return `await fails(async () => (${expression}), '${thrown[1]}')`
  return `await equal(async () => (${expression}), (${value}))`
}

async function equal(actual: () => unknown, expected: unknown): Promise<void> {
  assert.deepEqual(await actual(), expected)
}

async function fails(action: () => unknown, name: string): Promise<void> {
  await assert.rejects(async () => action(), { name })
}
