/** pypiron: an index written in Rust that serves stored pages; bound to one core like the others. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { JSON_PAGE } from '../measure/media-types.ts'
import { peerVersion, pythonPrograms } from '../prepare/python-environment.ts'
import { uploadTo } from './legacy-upload.ts'
import type { Peer } from './peer.ts'
import { freePort, startServer } from './server-process.ts'

/** Its pages follow an upload a moment later. */
export const pypiron: Peer = {
  name: peerVersion('pypiron'),
  async open(directory) {
    const programs = await pythonPrograms()
    const files = join(directory, 'files')
    await mkdir(files)
    const port = await freePort()
    const account = ['--uploader-user', 'bench', '--uploader-pass', 'bench']
    const address = ['--bind-addr', `127.0.0.1:${port}`]
    const command = [
      join(programs, 'pypiron'),
      'serve',
      '--data-dir',
      files,
      ...address,
      ...account,
    ]
    const server = await startServer({
      command,
      directory,
      name: 'pypiron',
      port,
      readyPath: '/health',
    })
    const target = { url: `${server.url}/legacy/`, username: 'bench', password: 'bench' }
    return {
      pid: server.pid,
      page: (project) => ({
        url: `${server.url}/simple/${project}/`,
        headers: { Accept: JSON_PAGE },
      }),
      publish: (file, agent) => uploadTo(target, file, agent),
      close: server.close,
    }
  },
}
