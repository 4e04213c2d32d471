/** Amounts as people read them. */

/** `412 B`, `1.4 MB` */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let size = count
  let at = 0
  while (size >= 1000 && at < units.length - 1) {
    size /= 1000
    at += 1
  }
  return `${at === 0 ? size : size.toFixed(1)} ${units[at]}`
}

/** `85 ms`, `2.31 s`, `1 min 5 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `1 project`, `2 projects` */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`
}

/** `a, b, c, d and 3 more` */
export function someOf(names: readonly string[]): string {
  const more = names.length - 4
  return `${names.slice(0, 4).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
