/** Numbers, sizes and times as people read them, on pages and in terminals. */

export function formatCount(count: number): string {
  return count.toLocaleString('en')
}

export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const value = bytes / 1000 ** power
  const shown = power === 0 ? String(Math.round(bytes)) : value.toFixed(value < 10 ? 1 : 0)
  return `${shown} ${bytes === 1 ? 'byte' : units[power]}`
}

let dates: Intl.DateTimeFormat | undefined

/** `Nov 22, 2026`, in UTC like everything the index says. */
export function formatDate(iso: string): string {
  // Made when it is needed: that takes 13 ms, which no other command should wait for.
  dates ??= new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })
  return dates.format(new Date(iso))
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
