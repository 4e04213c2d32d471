/**
 * Runs a change in the name of the administrator, on the index's own machine. Whoever reads upstreams, or names one as a
 * source, says so: to others the upstream of this machine is nothing that they should register by the way.
 */
import type { Config } from '../config/settings.ts'
import type { Domain } from '../domain/domain.ts'
import type { Identity } from '../domain/identity.ts'
import { administratorIdentity, openDomain } from '../open-domain.ts'

export async function asAdministrator<Result>(
  config: Config,
  work: (domain: Domain, identity: Identity) => Promise<Result>,
  { readsUpstreams = false } = {},
): Promise<Result> {
  const upstreams = { environment: process.env, report: () => {} }
  await using opened = await openDomain(config, readsUpstreams ? { upstreams } : {})
  return await work(opened.domain, await administratorIdentity(opened.domain, config))
}
