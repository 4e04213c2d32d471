/** The public index as it was when the benchmarks first ran here: real pages and wheels, served by nginx. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { JSON_PAGE } from '../measure/media-types.ts'
import { timeCall } from '../measure/timed-call.ts'
import { cacheDirectory, scratchDirectory } from '../prepare/cache-directory.ts'
import { serveFolder } from '../servers/nginx.ts'
import type { RunningServer } from '../servers/server-process.ts'
import type { Bench } from './bench.ts'
import { openRecorder } from './recorder.ts'
import { requirementSets } from './requirement-sets.ts'
import type { Tools } from './tools.ts'

// As the public index says it: a warm run asks for no page again, whichever tool it is.
const rules = `location /simple/ { add_header Cache-Control "max-age=600, public"; }
    location /files/ { default_type application/octet-stream; }`

/** Throws MissingTool. */
export async function openRecordedIndex(tools: Tools, bench: Bench): Promise<RunningServer> {
  const root = cacheDirectory('recorded-index')
  await record(root, tools, bench)
  return await serveFolder(scratchDirectory('nginx'), { root, mediaType: JSON_PAGE, rules })
}

/** Once, about 600 MB from the index that pip asks here: everything that any of the tools reads of it. */
async function record(folder: string, tools: Tools, bench: Bench): Promise<void> {
  const ready = join(folder, 'ready')
  if (existsSync(ready)) return
  await using recorder = await openRecorder(folder, await upstreamOf(tools.template))
  for (const { requirements } of requirementSets) {
    for (const tool of [tools.pip, tools.uv, tools.cheese]) {
      const place = {
        environment: await bench.newEnvironment(),
        cache: await bench.newFolder('cache'),
        index: recorder.simpleUrl,
      }
      await timeCall(tool.install(place, requirements, { dryRun: tool !== tools.cheese }))
    }
  }
  await writeFile(ready, '')
}

async function upstreamOf(template: string): Promise<string> {
  const python = join(template, 'bin', 'python')
  const script = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)'
  const asked = await mustRun(python, ['-m', 'pip', 'config', 'get', 'global.index-url']).catch(
    () => mustRun(python, ['-c', script]),
  )
  return `${asked.stdout.trim().replace(/\/$/, '')}/`
}
