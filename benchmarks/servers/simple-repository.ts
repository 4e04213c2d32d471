/** simple-repository-server over a local folder: another index that speaks JSON; uvicorn, one process. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JSON_PAGE } from '../measure/media-types.ts'
import { peerVersion, pythonPrograms } from '../prepare/python-environment.ts'
import type { Peer } from './peer.ts'
import { freePort, startServer } from './server-process.ts'

/** It takes no uploads: publishing is putting the file into the project's folder. */
export const simpleRepository: Peer = {
  name: peerVersion('simple-repository-server'),
  async open(directory) {
    const programs = await pythonPrograms()
    const files = join(directory, 'files')
    await mkdir(files)
    const port = await freePort()
    const command = [join(programs, 'simple-repository-server'), '--port', String(port), files]
    const server = await startServer({ command, directory, name: 'simple-repository', port })
    return {
      pid: server.pid,
      page: (project) => ({
        url: `${server.url}/simple/${project}/`,
        headers: { Accept: JSON_PAGE },
      }),
      async publish(file) {
        const folder = join(files, file.fields.get('name')![0]!)
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, file.filename), file.bytes)
      },
      close: server.close,
    }
  },
}
