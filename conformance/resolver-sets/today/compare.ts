/**
 * Asks uv and cheese what each set comes to, and writes `answers.jsonl` anew. With `--live`, what is not kept of the public
 * index is asked of it and kept; with `--pip` pip is asked, too. Words at the end choose the sets that contain them.
 *
 *     npx node conformance/resolver-sets/today/compare.ts --uv /path/to/uv [--live] [--pip /path/to/pip] [WORD...]
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type KeptAnswer, linesMissingIn, readAnswers, writeAnswers } from './answers.ts'
import { Facts } from './facts.ts'
import { KeptIndex } from './kept-index.ts'
import { PublicIndex } from './public-index.ts'
import { type RequirementSet, readSets } from './requirement-sets.ts'
import { type Answer, ask } from './tools.ts'

const cheese = join(import.meta.dirname, '../../../node_modules/.bin/cheese')

interface Programs {
  readonly uv: string
  readonly pip?: string | undefined
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { uv: { type: 'string' }, pip: { type: 'string' }, live: { type: 'boolean' } },
    allowPositionals: true,
  })
  const { uv, pip, live } = values
  if (uv === undefined) throw new Error('Name uv: --uv /path/to/uv')
  const facts = Facts.read()
  using upstream = live ? await PublicIndex.open() : undefined
  await using index = await KeptIndex.open(facts, upstream)
  const answers = new Map(readAnswers().map((answer) => [answer.set, answer]))
  const sets = readSets()
  const chosen = sets.filter(({ line }) => positionals.every((word) => line.includes(word)))
  for (const set of chosen) {
    const answer = await compare(set, index, { uv, pip }, answers.get(set.line))
    answers.set(set.line, answer)
    const differs = answer.differs ? ` ${JSON.stringify(answer.differs)}` : ''
    console.log(`${set.line.slice(0, 80)} ${JSON.stringify(answer.asked)}${differs}`)
  }
  writeAnswers(sets.flatMap(({ line }) => answers.get(line) ?? []))
  if (live) facts.write()
}

async function compare(
  set: RequirementSet,
  index: KeptIndex,
  { uv, pip }: Programs,
  before: KeptAnswer | undefined,
): Promise<KeptAnswer> {
  const theirs = await ask({ tool: 'uv', program: uv }, set, index)
  const ours = await ask({ tool: 'cheese', program: cheese }, set, index)
  const ofPip = pip && set.platform?.includes('linux') ? await askPip(pip, set, index) : undefined
  const because = before?.differs?.because ?? 'not looked at yet'
  const lines = (other: Answer, answer: Answer) =>
    linesMissingIn(other.pins, answer.pins).join('\n')
  return {
    set: set.line,
    uv: theirs.pins,
    ...(theirs.pins !== ours.pins && {
      differs: { uv: lines(ours, theirs), cheese: lines(theirs, ours), because },
    }),
    asked: { ...before?.asked, uv: theirs.asked, cheese: ours.asked, ...(ofPip && { pip: ofPip }) },
  }
}

/**
 * Where it takes longer than five minutes, what it asked for until then counts; nothing where it wants what is not kept, or
 * ends otherwise than with an answer.
 */
async function askPip(
  program: string,
  set: RequirementSet,
  index: KeptIndex,
): Promise<Answer['asked'] | undefined> {
  try {
    return (await ask({ tool: 'pip', program }, set, index)).asked
  } catch (error) {
    const isLate = (error as { killed?: boolean }).killed === true
    return isLate ? [index.asked.pages, index.asked.metadata] : undefined
  }
}

await main()
