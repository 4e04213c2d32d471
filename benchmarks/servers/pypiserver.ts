/** pypiserver: a folder is the database; waitress behind it, its directory cache on, one process. */
import { join } from 'node:path'
import { peerVersion, pythonPrograms } from '../prepare/python-environment.ts'
import { uploadTo } from './legacy-upload.ts'
import type { Peer } from './peer.ts'
import { freePort, startServer } from './server-process.ts'

/** Serves whatever already lies in the folder too. */
export const pypiserver: Peer = {
  name: peerVersion('pypiserver'),
  async open(directory) {
    const programs = await pythonPrograms()
    const port = await freePort()
    const address = ['--interface', '127.0.0.1', '--port', String(port)]
    const open = ['--authenticate', '.', '--passwords', '.', '--disable-fallback']
    const options = [...address, ...open, '--backend', 'cached-dir', directory]
    const command = [join(programs, 'pypi-server'), 'run', ...options]
    const server = await startServer({ command, directory, name: 'pypiserver', port })
    const target = { url: `${server.url}/`, username: 'any', password: 'any' }
    return {
      pid: server.pid,
      page: (project) => ({ url: `${server.url}/simple/${project}/`, headers: {} }),
      publish: (file, agent) => uploadTo(target, file, agent),
      close: server.close,
    }
  },
}
