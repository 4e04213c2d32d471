/** Milliseconds that never go back. For `performance` Node loads more than it takes to begin with what is measured. */
export function clock(): number {
  return process.uptime() * 1000
}
