import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { cpuTime } from '@cheeseshop/testing'
import type { DomainError } from '../errors.ts'
import type { Advisory } from './advisory.ts'
import { type Decision, type FileFacts, judgeOf, type ProjectPolicy } from './decide.ts'
import type { Exemption } from './policy-rule.ts'
import { readRules } from './read-rules.ts'
import { tryParseTarget } from './target.ts'

const now = new Date('2026-06-15T12:00:00Z')
const day = 86_400_000

const demo = 'demo' as NormalizedName

function file(facts: Partial<FileFacts> = {}): FileFacts {
  return {
    project: demo,
    version: '1.0',
    filename: 'demo-1.0-py3-none-any.whl',
    kind: 'bdist_wheel',
    from: 'upstream',
    uploadedAt: '2026-06-14T12:00:00Z',
    isYanked: false,
    ...facts,
  }
}

function decide(
  rules: object[],
  facts: Partial<FileFacts> = {},
  rest: Partial<ProjectPolicy> = {},
): Decision {
  const policy = { rules: readRules(rules), exemptions: [], advisories: [], ...rest }
  return judgeOf(policy, now)(file(facts))
}

function hiddenBy(decision: Decision): string | undefined {
  return decision.isShown ? undefined : decision.rule
}

function advisory(facts: Partial<Advisory> = {}): Advisory {
  return {
    id: 'TEST-1',
    aliases: [],
    project: demo,
    summary: '',
    details: '',
    severity: 'high',
    modifiedAt: '2026-01-01T00:00:00Z',
    affected: { versions: [], ranges: [{ introduced: '0', fixed: '1.0' }] },
    link: '',
    ...facts,
  }
}

function exemption(target: string, facts: Partial<Exemption> = {}): Exemption {
  return {
    id: 1,
    target: tryParseTarget(target)!,
    reason: 'needed today',
    by: 'ada',
    createdAt: '2026-06-15T00:00:00Z',
    expiresAt: '2026-06-16T00:00:00Z',
    ...facts,
  }
}

const cooldown = { rule: 'minimum-age', age: '7d' }

describe('minimum age', () => {
  test('hides a young upstream file and says until when', () => {
    assert.deepEqual(decide([cooldown]), {
      isShown: false,
      rule: 'minimum-age',
      reason: 'It was uploaded 2026-06-14 12:00 UTC and is shown from 2026-06-21 12:00 UTC on.',
      until: Date.parse('2026-06-21T12:00:00Z'),
    })
  })
  test('shows a file from the moment it is old enough', () => {
    const at = (ms: number) => new Date(now.getTime() - 7 * day + ms).toISOString()
    assert.equal(decide([cooldown], { uploadedAt: at(0) }).isShown, true)
    assert.equal(decide([cooldown], { uploadedAt: at(1) }).isShown, false)
  })
  test('hides a file when nobody knows its age', () => {
    const { uploadedAt: _, ...ageless } = file()
    const judge = judgeOf({ rules: readRules([cooldown]), exemptions: [], advisories: [] }, now)
    assert.equal(hiddenBy(judge(ageless)), 'minimum-age')
  })
  test("leaves the team's own uploads alone unless told otherwise", () => {
    assert.equal(decide([cooldown], { from: 'hosted' }).isShown, true)
    assert.equal(decide([{ ...cooldown, files: 'all' }], { from: 'hosted' }).isShown, false)
  })
  test('leaves alone what is excepted, by name, prefix or version', () => {
    const shown = (except: string) => decide([{ ...cooldown, except: [except] }]).isShown
    assert.deepEqual(['demo', 'de*', 'Demo>=1', 'demo<1', 'other'].map(shown), [
      true,
      true,
      true,
      false,
      false,
    ])
  })
  test('lets a release through that mends a known fault', () => {
    assert.equal(decide([cooldown], {}, { advisories: [advisory()] }).isShown, true)
    const strict = { ...cooldown, 'except-fixes': false }
    assert.equal(decide([strict], {}, { advisories: [advisory()] }).isShown, false)
  })
  test('does not let a release through that mends one fault and has another', () => {
    const other = advisory({ id: 'TEST-2', affected: { versions: ['1.0'], ranges: [] } })
    assert.equal(decide([cooldown], {}, { advisories: [advisory(), other] }).isShown, false)
  })
})

describe('broken glass', () => {
  test('shows what it names until it expires', () => {
    const exemptions = [exemption('demo==1.0')]
    assert.deepEqual(decide([cooldown], {}, { exemptions }), {
      isShown: true,
      remarks: [
        'The rule minimum-age would hide it, but an exemption shows it until 2026-06-16 00:00 UTC.',
      ],
      until: Date.parse('2026-06-16T00:00:00Z'),
    })
    const expired = [exemption('demo', { expiresAt: '2026-06-15T12:00:00Z' })]
    assert.equal(decide([cooldown], {}, { exemptions: expired }).isShown, false)
  })
  test('is only good for the rule it names', () => {
    const exemptions = [exemption('demo', { rule: 'yanked' })]
    assert.equal(
      hiddenBy(decide([cooldown, { rule: 'yanked' }], { isYanked: true }, { exemptions })),
      'minimum-age',
    )
  })
})

describe('advisories', () => {
  const affected = advisory({ affected: { versions: [], ranges: [{ introduced: '0.9' }] } })
  test('hide what they affect from a severity on', () => {
    const by = (from: string) =>
      hiddenBy(decide([{ rule: 'advisories', from }], {}, { advisories: [affected] }))
    assert.deepEqual(['unknown', 'high', 'critical'].map(by), [
      'advisories',
      'advisories',
      undefined,
    ])
  })
  test('only warn when told so', () => {
    const decision = decide(
      [{ rule: 'advisories', action: 'warn' }],
      {},
      { advisories: [affected] },
    )
    assert.deepEqual(decision, { isShown: true, remarks: ['It is affected by TEST-1 (high).'] })
  })
  test('hide nothing once withdrawn', () => {
    const advisories = [{ ...affected, withdrawnAt: '2026-02-01T00:00:00Z' }]
    assert.equal(decide([{ rule: 'advisories' }], {}, { advisories }).isShown, true)
  })
})

describe('licences', () => {
  const shown = (rule: object, licence?: string) =>
    decide([{ rule: 'licences', ...rule }], licence === undefined ? {} : { licence }).isShown
  test('are enough when one of the alternatives is allowed', () => {
    const rule = { allow: ['MIT', 'BSD-*'] }
    assert.equal(shown(rule, 'GPL-3.0-only OR mit'), true)
    assert.equal(shown(rule, 'GPL-3.0-only AND MIT'), false)
    assert.equal(shown(rule, 'BSD-3-Clause AND (MIT OR GPL-2.0-only)'), true)
    assert.equal(shown(rule, 'MIT OR Apache-2.0 AND GPL-2.0-only'), true)
  })
  test('are denied with and without an exception', () => {
    const rule = { deny: ['GPL-2.0-only', 'AGPL-*'] }
    assert.equal(shown(rule, 'GPL-2.0-only WITH Classpath-exception-2.0'), false)
    assert.equal(shown(rule, 'AGPL-3.0-or-later'), false)
    assert.equal(
      shown({ allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] }, 'GPL-2.0-only'),
      false,
    )
    assert.equal(
      shown(
        { allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] },
        'GPL-2.0-only WITH Classpath-exception-2.0',
      ),
      true,
    )
  })
  test('that nobody can read are shown or hidden as told', () => {
    assert.equal(shown({ allow: ['MIT'] }), true)
    assert.equal(shown({ allow: ['MIT'], unknown: 'hide' }), false)
    assert.equal(shown({ allow: ['MIT'], unknown: 'hide' }, 'see the website'), false)
  })
})

describe('what a file is', () => {
  test('names can be denied or allowed', () => {
    assert.equal(decide([{ rule: 'names', deny: ['de*'] }]).isShown, false)
    assert.equal(decide([{ rule: 'names', allow: ['flask', 'demo<1'] }]).isShown, false)
    assert.equal(decide([{ rule: 'names', allow: ['flask', 'demo'] }]).isShown, true)
  })
  test('yanked files, pre-releases, sdists and platforms can be left out', () => {
    assert.equal(decide([{ rule: 'yanked' }], { isYanked: true }).isShown, false)
    assert.equal(decide([{ rule: 'prereleases' }], { version: '2.0rc1' }).isShown, false)
    const onlyWheels = [{ rule: 'file-kinds', show: ['wheel'] }]
    assert.equal(decide(onlyWheels, { kind: 'sdist', filename: 'demo-1.0.tar.gz' }).isShown, false)
    assert.equal(decide(onlyWheels).isShown, true)
    const linux = [{ rule: 'platforms', show: ['any', 'manylinux*'] }]
    const onWindows = { filename: 'demo-1.0-cp312-cp312-win_amd64.whl' }
    assert.equal(decide(linux, onWindows).isShown, false)
    assert.equal(decide(linux).isShown, true)
    assert.equal(decide(linux, { kind: 'sdist', filename: 'demo-1.0.tar.gz' }).isShown, true)
  })
  test('a fixed date freezes an index', () => {
    const freeze = [{ rule: 'not-after', time: '2026-06-14' }]
    assert.equal(decide(freeze).isShown, false)
    assert.equal(decide(freeze, { uploadedAt: '2026-06-13T23:59:59Z' }).isShown, true)
  })
})

test('the first rule that hides a file gives the reason', () => {
  const yanked = { isYanked: true }
  assert.equal(hiddenBy(decide([cooldown, { rule: 'yanked' }], yanked)), 'minimum-age')
  assert.equal(hiddenBy(decide([{ rule: 'yanked' }, cooldown], yanked)), 'yanked')
})

test('every mistake in a policy is named', () => {
  const bad = [
    { rule: 'minimum-age', age: 'soon', except: ['a b'] },
    { rule: 'nonsense' },
    { rule: 'yanked', colour: 'red' },
    { rule: 'yanked' },
    7,
    { rule: 'minimum-age', age: '40000d' },
  ]
  assert.throws(
    () => readRules(bad),
    (error: DomainError) => {
      assert.deepEqual(
        error.problems.map(({ message }) => message),
        [
          'Rule 1: "except" has "a b", which is none of flask, acme-*, flask>=3.',
          'Rule 1: "age" must be a time such as "72h" or "7d", of a century at most.',
          'Rule 2: "rule" must be one of minimum-age, not-after, advisories, licences, names, yanked, prereleases, file-kinds, platforms.',
          'Rule 3: "colour" is nothing the rule "yanked" takes.',
          'Rule 5: "rule" must be one of minimum-age, not-after, advisories, licences, names, yanked, prereleases, file-kinds, platforms.',
          'Rule 6: "age" must be a time such as "72h" or "7d", of a century at most.',
          'Two rules are called "yanked". Give each its own "name".',
          'Two rules are called "minimum-age". Give each its own "name".',
        ],
      )
      return true
    },
  )
})

test('a policy cannot be such that judging by it keeps the server from all else', async () => {
  const lists = (text: (at: number) => string, size = 5_000, length = 12) =>
    Array.from({ length }, (_, at) => ({
      rule: 'names',
      name: `list ${at}`,
      deny: Array.from({ length: size }, (_, item) => text(at * size + item)),
    }))
  for (const text of ['demo>=9999', '*>=9999', 'd*>=9999']) {
    assert.throws(() => readRules(lists(() => text)), /More than 100 ranges of versions are about/)
  }
  const harmless = [...lists((at) => `other-${at}==1.0`), ...lists(() => 'demo>=9999', 100, 1)]
  const rules = harmless.map((rule, at) => ({ ...rule, name: `rule ${at}` }))
  const judge = judgeOf({ rules: readRules(rules), exemptions: [], advisories: [] }, now)
  const taken = await cpuTime(() => {
    for (let at = 0; at < 10_000; at++) judge(file({ version: `1.${at}` }))
  })
  assert.ok(taken < 2000, `${taken} ms`)
})
