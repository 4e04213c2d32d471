/** How long something takes, whatever else the machine does meanwhile. */

/** Milliseconds of processor time of this process. */
export async function cpuTime(work: () => unknown): Promise<number> {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}
