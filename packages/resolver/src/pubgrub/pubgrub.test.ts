import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  allBits,
  bitsOf,
  countBits,
  difference,
  firstBit,
  hasBit,
  intersection,
  isDisjoint,
  isEmpty,
  isSame,
  isSubset,
  lastBit,
  listBits,
  oneBit,
  union,
} from './bit-set.ts'
import { resolveConflict } from './conflict.ts'
import { incompatibility } from './incompatibility.ts'
import { PartialSolution } from './partial-solution.ts'
import { Propagation } from './propagation.ts'
import { Variable } from './variable.ts'

test('sets of bits are sets of numbers', () => {
  const size = 70
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }))
  fc.assert(
    fc.property(numbers, numbers, (some, others) => {
      const [a, b] = [bitsOf(size, some), bitsOf(size, others)]
      const [setA, setB] = [new Set(some), new Set(others)]
      const sorted = (set: ReadonlySet<number>) => [...set].sort((x, y) => x - y)
      assert.deepEqual(listBits(union(a, b)), sorted(setA.union(setB)))
      assert.deepEqual(listBits(intersection(a, b)), sorted(setA.intersection(setB)))
      assert.deepEqual(listBits(difference(a, b)), sorted(setA.difference(setB)))
      assert.deepEqual(listBits(difference(allBits(size), a)).length, size - setA.size)
      assert.equal(isSubset(a, b), setA.isSubsetOf(setB))
      assert.equal(isDisjoint(a, b), setA.isDisjointFrom(setB))
      assert.equal(isSame(a, b), setA.symmetricDifference(setB).size === 0)
      assert.equal(isEmpty(a), setA.size === 0)
      assert.deepEqual(
        [firstBit(a), lastBit(a)],
        [sorted(setA)[0] ?? -1, sorted(setA).at(-1) ?? -1],
      )
      assert.equal(countBits(a), setA.size)
      assert.ok(some.every((bit) => hasBit(a, bit)))
    }),
  )
  assert.deepEqual(
    [oneBit(40, 33), countBits(allBits(64)), countBits(allBits(33))],
    [bitsOf(40, [33]), 64, 33],
  )
})

/** Three variables of five values, and how to say "not all of these at once". */
function setUp() {
  const solution = new PartialSolution()
  const propagation = new Propagation(solution)
  const [a, b, c] = [1, 2, 3].map((id) => new Variable(id, 5)) as [Variable, Variable, Variable]
  const forbid = (...terms: (readonly [Variable, readonly number[]])[]) => {
    const sets = terms.map(([variable, values]) => [variable, bitsOf(5, values)] as const)
    const made = incompatibility(sets, { fact: {} })
    propagation.add(made)
    return made
  }
  const decide = (variable: Variable, value: number) => {
    solution.decide(variable, value)
    propagation.noteChange(variable)
    return propagation.run()
  }
  return { solution, propagation, a, b, c, forbid, decide }
}

test('when all terms but one hold, the last one is excluded, and going back takes that back', () => {
  const { propagation, a, b, c, forbid, decide } = setUp()
  forbid([a, [1]], [b, [0, 1, 2]])
  forbid([b, [3, 4]], [c, [0]])
  assert.equal(propagation.run(), undefined)
  assert.equal(decide(a, 1), undefined)
  assert.deepEqual(
    [listBits(b.left), listBits(c.left)],
    [
      [3, 4],
      [1, 2, 3, 4],
    ],
  )
  assert.deepEqual([b.isRequired, c.isRequired], [true, true])
  propagation.backtrack(0)
  assert.deepEqual([a.left, b.left, c.left], [a.domain, b.domain, c.domain])
  assert.equal(a.decided, -1)
})

test('what follows from an incompatibility that came later holds again after going back', () => {
  const { propagation, a, b, forbid, decide } = setUp()
  decide(a, 1)
  forbid([b, [4]])
  propagation.run()
  propagation.backtrack(0)
  propagation.run()
  assert.deepEqual(listBits(b.left), [0, 1, 2, 3])
})

test('a fact that grows applies to the values it gained', () => {
  const { propagation, a, b, forbid, decide } = setUp()
  const fact = forbid([a, [1]], [b, [0]])
  propagation.grow(fact, oneBit(5, 2))
  decide(a, 2)
  assert.ok(b.isRequired)
  propagation.backtrack(0)
  decide(a, 3)
  assert.ok(!b.isRequired)
})

test('a conflict goes back to the decision that is to blame, over those that are not', () => {
  const { solution, propagation, a, b, c, forbid, decide } = setUp()
  forbid([a, [1]], [c, [1]])
  forbid([a, [1]], [c, [0, 2, 3, 4]])
  propagation.run()
  decide(b, 1)
  const violated = decide(a, 1)
  assert.ok(violated)
  const { learned, back } = resolveConflict(violated)
  assert.deepEqual([back?.variable, back?.level], [a, 0])
  assert.deepEqual(learned.variables, [a])
  propagation.backtrack(0)
  propagation.add(learned)
  assert.equal(propagation.run(), undefined)
  assert.equal(solution.level, 0)
  assert.deepEqual(listBits(a.left), [0, 2, 3, 4])
})

test('what was learned late takes effect on the level of its other terms', () => {
  const { solution, propagation, a, b, c, forbid, decide } = setUp()
  forbid([a, [1]], [c, [0, 1]])
  forbid([b, [1]], [c, [2, 3]])
  propagation.run()
  decide(a, 1)
  decide(b, 1)
  assert.deepEqual(listBits(c.left), [4])
  const late = forbid([c, [4]], [a, [1]])
  assert.equal(propagation.run(), late)
  const { learned, back } = resolveConflict(late)
  assert.deepEqual([learned, back], [late, { variable: c, level: 1 }])
  propagation.backtrack(1)
  propagation.look(late)
  assert.equal(propagation.run(), undefined)
  assert.deepEqual([solution.level, listBits(c.left), b.decided], [1, [2, 3], -1])
  assert.ok(!hasBit(b.left, 1), 'b = 1 would leave nothing of c')
})

test('where two steps of one level are to blame, what they have in common is learned', () => {
  const { propagation, a, b, c, forbid, decide } = setUp()
  forbid([a, [1]], [b, [0, 1]])
  forbid([a, [1]], [c, [0, 1]])
  forbid([b, [2, 3, 4]], [c, [2, 3, 4]])
  propagation.run()
  const violated = decide(a, 1)
  assert.ok(violated)
  const { learned, back } = resolveConflict(violated)
  assert.deepEqual([learned.variables, learned.sets.map(listBits)], [[a], [[1]]])
  assert.deepEqual(back, { variable: a, level: 0 })
})

test('where only given things are to blame there is no way back', () => {
  const { solution, propagation, a } = setUp()
  const given = new Variable(0, 2, true)
  solution.give(given, 1)
  const on = oneBit(2, 1)
  propagation.add(
    incompatibility(
      [
        [given, on],
        [a, bitsOf(5, [0, 1, 2])],
      ],
      { fact: {} },
    ),
  )
  propagation.add(incompatibility([[a, bitsOf(5, [3, 4])]], { fact: {} }))
  const violated = propagation.run()
  assert.ok(violated)
  assert.equal(resolveConflict(violated).back, undefined)
})
