/** Recorded projects, as wheels that say only what they require, published to our own index. */
import { Agent } from 'node:http'
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'
import { openCheeseshop } from '../servers/cheeseshop.ts'
import { CountingDoor } from '../servers/counting-door.ts'
import { type UploadTarget, uploadTo } from '../servers/legacy-upload.ts'
import type { Bench } from './bench.ts'

/** Name -> version -> Requires-Dist. */
export type RecordedProjects = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** An index that counts how often metadata are asked for. */
export interface CountingIndex extends AsyncDisposable {
  readonly url: string
  metadataAsked: number
}

export async function openOwnIndexOf(
  projects: RecordedProjects,
  bench: Bench,
): Promise<CountingIndex> {
  // Some have names of modules of Python's standard library, which they came before.
  const permitted = ['--permitted-names', [...projects.keys()].join()]
  await using opened = new AsyncDisposableStack()
  const server = await openCheeseshop({
    directory: await bench.newFolder('own-index'),
    flags: ['--log-level', 'warn', ...permitted],
  })
  opened.defer(() => server.close())
  await uploadAll(await server.uploadTarget(), wheelsOf(projects))
  const door = opened.use(await CountingDoor.open(server.url))
  const stack = opened.move()
  return {
    url: `${door.url}/simple/`,
    get metadataAsked() {
      return door.metadataAsked
    },
    set metadataAsked(count) {
      door.metadataAsked = count
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function* wheelsOf(projects: RecordedProjects): Generator<BuiltDistribution> {
  for (const [name, versions] of projects) {
    for (const [version, requires] of versions) {
      const builder = wheel(name, version)
        .metadataVersion('2.1')
        .requires(...requires)
      for (const extra of extrasIn(requires)) builder.header('Provides-Extra', extra)
      yield builder.file(`${name.replaceAll('-', '_')}.py`, '').build()
    }
  }
}

/** Old builders wrote a condition into a name now and then, and nobody asks for such an extra. */
function extrasIn(requires: readonly string[]): Set<string> {
  const found = requires.flatMap((each) => each.match(/(?<=extra\s*==\s*['"])[^'"]+/g) ?? [])
  return new Set(found.filter((each) => /^\w+([._-]\w+)*$/.test(each)))
}

async function uploadAll(target: UploadTarget, files: Generator<BuiltDistribution>): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  const uploadNext = async () => {
    for (const file of files) await uploadTo(target, file, agent)
  }
  await Promise.all(Array.from({ length: 8 }, uploadNext))
  agent.destroy()
}
