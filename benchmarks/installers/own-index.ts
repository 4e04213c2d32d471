/** Our own index with the wheels of one set, as published by our own tool. */
import { setTimeout as pause } from 'node:timers/promises'
import { mustRun } from '../../tools/run-command.ts'
import { timedRequest } from '../measure/timed-request.ts'
import { type Cheeseshop, openCheeseshop } from '../servers/cheeseshop.ts'
import type { Bench } from './bench.ts'
import type { Call } from './installer.ts'
import type { Tools } from './tools.ts'

export async function openOwnIndex(
  tools: Tools,
  bench: Bench,
  from: { readonly index: string; readonly requirements: readonly string[] },
): Promise<Cheeseshop> {
  const wheels = await bench.newFolder('wheels')
  const place = {
    environment: tools.template,
    cache: await bench.newFolder('cache'),
    index: from.index,
  }
  const { command, env } = tools.cheese.install(place, from.requirements)
  const words = command.map((word) => (word === 'install' ? 'download' : word))
  await run({ command: [...words, '--dest', wheels], env })
  const server = await openCheeseshop({ directory: await bench.newFolder('own-index') })
  const { url, password } = await server.uploadTarget()
  const publish = ['publish', '--publish-url', url, '--token', password, '-q', wheels]
  await run({ command: [command[0]!, ...publish], env })
  await untilTwinsAreMade(server.url)
  return server
}

async function run({ command: [program, ...args], env }: Call): Promise<void> {
  await mustRun(program!, args, { env: { ...env }, timeoutMs: 600_000 })
}

/** The job that makes them takes the smallest first: when the page of the largest stays the same, all are there. */
async function untilTwinsAreMade(url: string): Promise<void> {
  const headers = { Accept: 'application/vnd.cheeseshop.simple.v1+json' }
  const ask = async () => {
    const pages = ['scipy', 'pandas', 'jupyterlab', 'matplotlib'].map((name) =>
      timedRequest(`${url}/simple/${name}/`, { headers }),
    )
    return (await Promise.all(pages)).map(({ body }) => body.toString())
  }
  for (let attempt = 0; attempt < 60; attempt++) {
    if ((await ask()).every((page) => page.includes('_twin'))) return
    await pause(1000)
  }
}
