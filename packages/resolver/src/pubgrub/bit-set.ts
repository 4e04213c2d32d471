/** Sets of small numbers, 32 to a word: the domains of variables and what incompatibilities say about them. */

/** Treated as immutable once made. Sets of one variable have the same length, and no bits beyond its size. */
export type BitSet = Int32Array

export function noBits(size: number): BitSet {
  return new Int32Array((size + 31) >> 5)
}

export function allBits(size: number): BitSet {
  const set = noBits(size).fill(-1)
  if (size % 32 !== 0) set[set.length - 1] = (1 << (size % 32)) - 1
  return set
}

export function oneBit(size: number, bit: number): BitSet {
  const set = noBits(size)
  set[bit >> 5] = 1 << (bit & 31)
  return set
}

/** The set of the bits given, which may come in any order. */
export function bitsOf(size: number, bits: Iterable<number>): BitSet {
  const set = noBits(size)
  for (const bit of bits) set[bit >> 5]! |= 1 << (bit & 31)
  return set
}

export function hasBit(set: BitSet, bit: number): boolean {
  return (set[bit >> 5]! & (1 << (bit & 31))) !== 0
}

export function union(a: BitSet, b: BitSet): BitSet {
  const set = new Int32Array(a.length)
  for (let at = 0; at < a.length; at++) set[at] = a[at]! | b[at]!
  return set
}

export function intersection(a: BitSet, b: BitSet): BitSet {
  const set = new Int32Array(a.length)
  for (let at = 0; at < a.length; at++) set[at] = a[at]! & b[at]!
  return set
}

export function difference(a: BitSet, b: BitSet): BitSet {
  const set = new Int32Array(a.length)
  for (let at = 0; at < a.length; at++) set[at] = a[at]! & ~b[at]!
  return set
}

export function isSubset(a: BitSet, b: BitSet): boolean {
  for (let at = 0; at < a.length; at++) if ((a[at]! & ~b[at]!) !== 0) return false
  return true
}

export function isDisjoint(a: BitSet, b: BitSet): boolean {
  for (let at = 0; at < a.length; at++) if ((a[at]! & b[at]!) !== 0) return false
  return true
}

export function isEmpty(set: BitSet): boolean {
  for (let at = 0; at < set.length; at++) if (set[at] !== 0) return false
  return true
}

export function isSame(a: BitSet, b: BitSet): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

/** The lowest bit, or -1 of the empty set. */
export function firstBit(set: BitSet): number {
  for (let at = 0; at < set.length; at++) {
    if (set[at] !== 0) return at * 32 + 31 - Math.clz32(set[at]! & -set[at]!)
  }
  return -1
}

/** The highest bit, or -1 of the empty set. */
export function lastBit(set: BitSet): number {
  for (let at = set.length - 1; at >= 0; at--) {
    if (set[at] !== 0) return at * 32 + 31 - Math.clz32(set[at]!)
  }
  return -1
}

/** How many bits there are, counted no further than just above `limit`. */
export function countBits(set: BitSet, limit = Number.POSITIVE_INFINITY): number {
  let count = 0
  for (let at = 0; at < set.length && count <= limit; at++) {
    for (let word = set[at]!; word !== 0; word &= word - 1) count++
  }
  return count
}

/** The bits in ascending order. */
export function listBits(set: BitSet): number[] {
  const bits: number[] = []
  for (let at = 0; at < set.length; at++) {
    for (let word = set[at]!; word !== 0; word &= word - 1) {
      bits.push(at * 32 + 31 - Math.clz32(word & -word))
    }
  }
  return bits
}
