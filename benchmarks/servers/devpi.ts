/** devpi-server: SQLite and files, waitress with its 50 threads, one process, no mirror. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expectStatus } from '../measure/timed-request.ts'
import { peerVersion, pythonPrograms } from '../prepare/python-environment.ts'
import { uploadTo } from './legacy-upload.ts'
import type { Peer } from './peer.ts'
import { freePort, startServer } from './server-process.ts'

const PASSWORD = 'bench'

export const devpi: Peer = {
  name: peerVersion('devpi-server'),
  async open(directory) {
    const programs = await pythonPrograms()
    const data = ['--serverdir', join(directory, 'server')]
    const secret = join(directory, 'secret')
    const run = promisify(execFile)
    await run(join(programs, 'devpi-init'), [...data, '--no-root-pypi', '--root-passwd', PASSWORD])
    await run(join(programs, 'devpi-gen-secret'), ['--secretfile', secret])
    const port = await freePort()
    const options = [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--secretfile',
      secret,
      '--offline-mode',
    ]
    const command = [join(programs, 'devpi-server'), ...data, ...options]
    const server = await startServer({
      command,
      directory,
      name: 'devpi',
      port,
      timeoutSeconds: 180,
    })
    const index = `${server.url}/root/bench`
    const session = await logIn(server.url)
    await createIndex(index, session)
    // A session instead of the password: devpi would spend a second of hashing on the password of every upload.
    const target = { url: `${index}/`, username: 'root', password: session }
    return {
      pid: server.pid,
      page: (project) => ({ url: `${index}/+simple/${project}/`, headers: {} }),
      publish: (file, agent) => uploadTo(target, file, agent),
      close: server.close,
    }
  },
}

const json = { 'Content-Type': 'application/json' }

async function logIn(origin: string): Promise<string> {
  const account = JSON.stringify({ user: 'root', password: PASSWORD })
  const login = { method: 'POST', headers: json, body: Buffer.from(account) }
  const { body } = await expectStatus(200, `${origin}/+login`, login)
  return JSON.parse(body.toString()).result.password
}

async function createIndex(index: string, session: string): Promise<void> {
  const headers = { ...json, 'X-Devpi-Auth': Buffer.from(`root:${session}`).toString('base64') }
  await expectStatus(200, index, { method: 'PUT', headers, body: Buffer.from('{"bases":[]}') })
}
