import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { findCommand } from './commands/mod.ts'
import { knownOptionsOf, splitAtCommand } from './options/known-options.ts'
import { readArguments } from './options/read-arguments.ts'

const folder = new URL('../../../docs/guides/', import.meta.url)

/** The words of a command, as a shell would split them; comments are left out. */
function wordsOf(line: string): string[] {
  const words = line.matchAll(/"([^"]*)"|'([^']*)'|#.*$|(\S+)/g)
  return [...words].flatMap(([, double, single, bare]) => double ?? single ?? bare ?? [])
}

test('every command of the guides is one that can be given', async () => {
  const lines = readdirSync(folder).flatMap((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8').replace(/\\\n\s*/g, '')
    return [...text.matchAll(/^\$ (?:npx )?cheese (.+)$/gm)].map(([, line]) => ({
      name,
      line: line!,
    }))
  })
  assert.ok(lines.length > 40)
  for (const { name, line } of lines) {
    const { name: word, args } = splitAtCommand(wordsOf(line.replace(/ # .*/, '')))
    const command = await findCommand(word ?? '')
    assert.ok(command, `${name}: ${line}`)
    // What comes after a script or a program is its own.
    const own =
      word === 'run' ? args.slice(0, args.findIndex((each) => !each.startsWith('-')) + 1) : args
    assert.doesNotThrow(() => readArguments(knownOptionsOf(command), own), `${name}: ${line}`)
  }
})
