/** nginx with one worker, serving given bytes as static files: the floor no server can go below. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianTool } from '../prepare/debian-tool.ts'
import type { OpenPeer } from './peer.ts'
import { freePort, type RunningServer, startServer } from './server-process.ts'

export interface StaticPage {
  /** `/simple/demo/`; an `index.json` there, and its compressed form beside it. */
  path: string
  mediaType: string
  body: Uint8Array
  gzip: Uint8Array
}

export async function openNginx(directory: string, page: StaticPage): Promise<OpenPeer> {
  const folder = join(directory, 'www', page.path)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'index.json'), page.body)
  await writeFile(join(folder, 'index.json.gz'), page.gzip)
  const server = await serveFolder(directory, { root: join(directory, 'www'), ...page })
  return {
    pid: server.pid,
    page: () => ({ url: server.url + page.path, headers: { Accept: page.mediaType } }),
    publish: () => Promise.reject(new Error('nginx serves files and takes none.')),
    close: server.close,
  }
}

export interface StaticFolder {
  root: string
  mediaType: string
  /** Lines of nginx's configuration for the one server. */
  rules?: string
}

/** `directory` gets the configuration and the log. Its best: compressed files are made beforehand. */
export function serveFolder(directory: string, folder: StaticFolder): Promise<RunningServer> {
  const { root, mediaType, rules = '' } = folder
  return startNginx(directory, {
    http: `gzip_static on; gzip_vary on; default_type ${mediaType};`,
    server: `root ${root}; index index.json; ${rules}`,
  })
}

/** Lines of its configuration. */
export interface NginxRules {
  http: string
  server: string
}

/** With one worker, no access log, and connections never closed for their age. */
export async function startNginx(directory: string, rules: NginxRules): Promise<RunningServer> {
  const tool = await debianTool('nginx')
  const port = await freePort()
  const path = join(directory, 'nginx.conf')
  await writeFile(path, nginxConfiguration(directory, port, rules))
  const command = [tool.path, '-p', directory, '-c', path, '-e', join(directory, 'error.log')]
  return await startServer({ command, directory, name: 'nginx', port, env: tool.env })
}

function nginxConfiguration(directory: string, port: number, { http, server }: NginxRules): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const paths = temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')
  // Started by root it would become nobody, who may not read our folders.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `daemon off;
${user}
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  ${paths}
  ${http}
  server { listen 127.0.0.1:${port}; ${server} }
}
`
}
