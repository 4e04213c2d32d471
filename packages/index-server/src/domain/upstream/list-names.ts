/** Reads the list of all projects of an upstream: large, and wanted seldom, so it is not kept. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import { connectionTo, type Engine, messageOf } from './engine.ts'
import { type Upstream, UpstreamUnavailable } from './upstreams.ts'

/** Each once, in order; what is no name is left out. */
export async function listNames(
  engine: Engine,
  upstream: Upstream,
): Promise<readonly NormalizedName[]> {
  const { client } = connectionTo(engine, upstream, upstream)
  const names = await client.projectNames().catch((error: unknown) => {
    const reason = messageOf(error)
    engine.report({ upstream: upstream.name, wanted: 'the list of its projects', error: reason })
    throw new UpstreamUnavailable(`The upstream ${upstream.name} lists no projects: ${reason}`)
  })
  return [...new Set(names.flatMap((name) => tryParseName(name) ?? []))].sort()
}
