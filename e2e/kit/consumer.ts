/** A project that has nothing but our index to find what it needs, for tools that write and lock projects. */
import { wheel } from '@cheeseshop/testing'
import { publish } from './publish.ts'
import type { RunningServer } from './server.ts'
import type { Workplace } from './workplace.ts'

/** Publishes `demo` 1.5, which requires `demo-parts`, and a 2.0 that is for no Python there is. */
export async function prepareConsumer(
  desk: Workplace,
  server: RunningServer,
  settings: string,
): Promise<string> {
  await publish(desk, server, [
    wheel('demo-parts', '0.3').file('demo_parts.py', ''),
    wheel('demo', '1.5').requires('demo-parts>=0.2').file('demo.py', 'version = "1.5"\n'),
    wheel('demo', '2.0').requiresPython('>=4').file('demo.py', ''),
  ])
  const project = '[project]\nname = "consumer"\nversion = "0"\nrequires-python = ">=3.8,<4"\n'
  await desk.write('consumer/pyproject.toml', `${project}${settings}`)
  return desk.join('consumer')
}

/** For Python: prints the version of `demo`, where both are installed. */
export const printDemoVersion = 'import demo, demo_parts; print(demo.version)'
