import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { commandNames, findCommand } from '../commands/mod.ts'
import { OptionError } from '../report/usage-error.ts'
import { knownOptionsOf } from './known-options.ts'
import { readArguments } from './read-arguments.ts'

interface PipOption {
  readonly also?: string[]
  readonly short?: string[]
  readonly takes_value?: boolean
  readonly choices?: string[]
}

type PipOptions = Record<string, PipOption>

const path = new URL('../../../../conformance/pip-options.json', import.meta.url)
const pip: { everywhere: PipOptions; commands: Record<string, PipOptions> } = JSON.parse(
  readFileSync(path, 'utf8'),
)
const ours = new Set(commandNames.map(([name]) => name))

/** Letters that pip has for what is refused here, and that mean something else. */
const otherLetters = new Set(['completion -p'])

/** What becomes of an option: it sets something, is taken without effect, or is refused with a reason. */
async function fateOf(name: string, spelling: string, option: PipOption): Promise<string> {
  const known = knownOptionsOf((await findCommand(name))!)
  const value = option.takes_value ? [option.choices?.[0] ?? 'value'] : []
  try {
    const { given, words } = readArguments(known, [spelling, ...value, 'word'])
    assert.deepEqual(words, ['word'], `${name} ${spelling} takes another number of values than pip`)
    return given.size === 1 ? 'sets' : 'ignored'
  } catch (error) {
    assert.ok(error instanceof OptionError, `${name} ${spelling}: ${error}`)
    const [, why] = /is not supported: (.+\.)$/.exec(error.message) ?? []
    assert.ok(why && error.hints[0], `${name} ${spelling}: ${error.message}`)
    return 'refused'
  }
}

test('pip has no command that is not here', () => {
  const missing = Object.keys(pip.commands).filter((name) => name !== 'help' && !ours.has(name))
  assert.deepEqual(missing, [])
})

for (const [name, options] of Object.entries(pip.commands)) {
  if (!ours.has(name)) continue
  test(`every option of "pip ${name}" is set, or ignored or refused for a reason, however it is written`, async () => {
    for (const [long, option] of Object.entries({ ...pip.everywhere, ...options })) {
      const fates = new Set<string>()
      for (const spelling of [long, ...(option.also ?? []), ...(option.short ?? [])]) {
        if (otherLetters.has(`${name} ${spelling}`)) continue
        fates.add(await fateOf(name, spelling, option))
      }
      assert.equal(fates.size, 1, `${name} ${long} by other names: ${[...fates]}`)
    }
  })
}

test('what pip knows as a value of an option is a value here, where the option sets something', async () => {
  const deviations: string[] = []
  for (const [name, options] of Object.entries(pip.commands)) {
    if (!ours.has(name)) continue
    const { table } = knownOptionsOf((await findCommand(name))!)
    for (const [long, { choices }] of Object.entries({ ...pip.everywhere, ...options })) {
      const option = Object.hasOwn(table, long.slice(2)) ? table[long.slice(2)] : undefined
      if (option?.kind !== 'text' || !option.choices || !choices) continue
      const lost = choices.filter((each) => !option.choices?.includes(each))
      if (lost.length > 0) deviations.push(`${name} ${long}: ${lost}`)
    }
  }
  assert.deepEqual(deviations, [])
})
