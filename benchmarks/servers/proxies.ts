/** Servers that stand in front of another index and keep what passes: ours, devpi, proxpi, simple-repository-server, nginx. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { peerVersion, pythonPrograms } from '../prepare/python-environment.ts'
import { openCheeseshop } from './cheeseshop.ts'
import { startNginx } from './nginx.ts'
import { freePort, type RunningServer, startServer } from './server-process.ts'

export interface Proxy {
  name: string
  /** Throws MissingTool. */
  open(directory: string, upstream: string): Promise<OpenProxy>
}

export interface OpenProxy {
  pid: number
  pageUrl(project: string): string
  close(): Promise<void>
}

const at = (server: RunningServer, path = '/simple/'): OpenProxy => ({
  pid: server.pid,
  pageUrl: (project) => `${server.url}${path}${project}/`,
  close: server.close,
})

export const ours: Proxy = {
  name: 'cheeseshop',
  async open(directory, upstream) {
    const flags = ['--log-level', 'warn', '--upstream', `${upstream}/simple/`]
    return at(await openCheeseshop({ directory, flags }))
  },
}

const devpi: Proxy = {
  name: peerVersion('devpi-server'),
  async open(directory, upstream) {
    const programs = await pythonPrograms()
    const data = ['--serverdir', join(directory, 'server')]
    const secret = join(directory, 'secret')
    const run = promisify(execFile)
    const index = JSON.stringify({
      type: 'mirror',
      mirror_url: `${upstream}/simple/`,
      mirror_no_project_list: true,
      mirror_use_external_urls: false,
    })
    await run(join(programs, 'devpi-init'), [...data, '--root-passwd', 'bench'])
    await run(join(programs, 'devpi-gen-secret'), ['--secretfile', secret])
    const port = await freePort()
    const address = ['--host', '127.0.0.1', '--port', String(port), '--secretfile', secret]
    const command = [join(programs, 'devpi-server'), ...data, ...address]
    const start = { command, directory, name: 'devpi', port, timeoutSeconds: 180 }
    const server = await startServer(start)
    await changeIndex(server.url, index)
    return at(server, `/${mirror}/+simple/`)
  },
}

/** What devpi calls it. */
const mirror = 'root/pypi'

/** The mirror that devpi makes by itself is turned to our upstream. */
async function changeIndex(url: string, index: string): Promise<void> {
  const json = { 'Content-Type': 'application/json' }
  const account = JSON.stringify({ user: 'root', password: 'bench' })
  const login = await fetch(`${url}/+login`, { method: 'POST', headers: json, body: account })
  const { result } = (await login.json()) as { result: { password: string } }
  const session = Buffer.from(`root:${result.password}`).toString('base64')
  const headers = { ...json, 'X-Devpi-Auth': session }
  const changed = await fetch(`${url}/${mirror}`, { method: 'PATCH', headers, body: index })
  if (changed.ok) return
  const made = await fetch(`${url}/${mirror}`, { method: 'PUT', headers, body: index })
  if (!made.ok) throw new Error(`devpi refuses the mirror: ${await made.text()}`)
}

const proxpi: Proxy = {
  name: peerVersion('proxpi'),
  async open(directory, upstream) {
    const programs = await pythonPrograms()
    const port = await freePort()
    const workers = ['--workers', '1', '--threads', '16', '--bind', `127.0.0.1:${port}`]
    const command = [join(programs, 'gunicorn'), ...workers, 'proxpi.server:app']
    const env = { PROXPI_INDEX_URL: `${upstream}/simple/`, PROXPI_CACHE_DIR: directory }
    return at(await startServer({ command, directory, name: 'proxpi', port, env }), '/index/')
  },
}

const simpleRepository: Proxy = {
  name: peerVersion('simple-repository-server'),
  async open(directory, upstream) {
    const programs = await pythonPrograms()
    const port = await freePort()
    const program = join(programs, 'simple-repository-server')
    const command = [program, '--port', String(port), `${upstream}/simple/`]
    return at(await startServer({ command, directory, name: 'simple-repository', port }))
  },
}

/** As its cache is set up in front of an index: stale answers, one request upstream at a time, links rewritten to pass it. */
export const nginx: Proxy = {
  name: 'nginx proxy_cache',
  async open(directory, upstream) {
    return at(
      await startNginx(directory, {
        http: `proxy_cache_path ${directory}/cache keys_zone=index:10m max_size=10g inactive=1d use_temp_path=off;`,
        server: `location / {
      proxy_pass ${upstream};
      proxy_cache index;
      proxy_cache_valid 200 10m;
      proxy_cache_lock on;
      proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
    }`,
      }),
    )
  },
}

export const proxies: readonly Proxy[] = [ours, devpi, proxpi, simpleRepository, nginx]
