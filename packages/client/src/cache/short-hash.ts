/**
 * A name for an entry of a cache, of 16 hexadecimal digits. It keeps apart what is different by chance, not what somebody
 * made to be the same: an entry says whose it is, and is no entry of anybody else. Loading `node:crypto` would take
 * longer than all the names of a run.
 */
export function shortHash(text: string): string {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  const hex = (value: number) => (value >>> 0).toString(16).padStart(8, '0')
  return hex(high) + hex(low)
}
