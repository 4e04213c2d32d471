/** Locks sets of requirements on what is kept of the public index, and compares with what uv answered. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  linesMissingIn,
  normalPins,
  readAnswers,
} from '../../conformance/resolver-sets/today/answers.ts'
import { Facts } from '../../conformance/resolver-sets/today/facts.ts'
import { KeptIndex } from '../../conformance/resolver-sets/today/kept-index.ts'
import { readSets, type SetKind } from '../../conformance/resolver-sets/today/requirement-sets.ts'
import { lockWords } from '../../conformance/resolver-sets/today/tools.ts'
import { type Desk, desk } from '../../packages/cli/src/testing/desk.ts'

const answers = new Map(readAnswers().map((answer) => [answer.set, answer]))

/** A test for each set of a kind. */
export function testSets(kind: SetKind): void {
  test(`cheese locks sets as uv does, or it is known why not: ${kind}`, async (context) => {
    await using index = await KeptIndex.open(Facts.read())
    await using place = await desk()
    for (const set of readSets().filter((each) => each.kind === kind)) {
      await context.test(set.line, async () => {
        const { uv, differs } = answers.get(set.line)!
        const ours = await lock(set, place, index.url)
        assert.equal(linesMissingIn(ours, uv).join('\n'), differs?.uv ?? '')
        assert.equal(linesMissingIn(uv, ours).join('\n'), differs?.cheese ?? '')
        assert.notEqual(differs?.because, 'not looked at yet')
      })
    }
  })
}

/** Nothing where it is proved that there is no solution. */
async function lock(
  set: ReturnType<typeof readSets>[number],
  { folder, run }: Desk,
  url: string,
): Promise<string | null> {
  const [input, output] = [folder.join('in.txt'), folder.join('out.txt')]
  writeFileSync(input, `${set.asked.join('\n')}\n`)
  const words = [...lockWords(set, { input, output, url }), '--upgrade'].join(' ')
  const { code, error } = await run(words, { CHEESE_NO_INDEX: '' })
  if (code === 0) return normalPins(readFileSync(output, 'utf8'), set)
  assert.match(error, /No versions satisfy/)
  return null
}
