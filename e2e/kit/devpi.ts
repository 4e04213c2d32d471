/** A real devpi server, to be moved away from. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { clientFolder } from '../clients/environments.ts'
import { mustSucceed } from './publishing.ts'
import type { Workplace } from './workplace.ts'

/** Its passwords are worth nothing, so they need no strength; with its own numbers a start takes half a minute. */
const quickly = ['memory-cost=8', 'parallelism=1', 'time-cost=1'].map((each) => `--argon2-${each}`)

export class Devpi {
  readonly url: string
  readonly #desk: Workplace
  readonly #tokens = new Map<string, string>()
  readonly #stop: () => Promise<void>

  constructor(desk: Workplace, url: string, stop: () => Promise<void>) {
    this.#desk = desk
    this.url = url
    this.#stop = stop
  }

  /** Makes or changes a user, `alice`, or an index, `alice/dev`. */
  async put(as: string, path: string, content: object): Promise<void> {
    await this.#ask('PUT', path, content, { 'x-devpi-auth': await this.#tokenOf(as) })
  }

  /** With twine. */
  async upload(as: string, index: string, paths: readonly string[]): Promise<void> {
    const to = ['--repository-url', `${this.url}${index}/`, '--username', as, '--password', as]
    await mustSucceed(this.#desk.run('twine', ['twine', 'upload', ...to, ...paths]))
  }

  /** Stops it, and writes all that it has into a folder. */
  async export(folder: string): Promise<void> {
    await this.#stop()
    const serverFolder = this.#desk.join('devpi')
    await mustSucceed(
      this.#desk.run('devpi', ['devpi-export', '--serverdir', serverFolder, folder]),
    )
  }

  async #tokenOf(user: string): Promise<string> {
    const known = this.#tokens.get(user)
    if (known !== undefined) return known
    const answer = await this.#ask('POST', '+login', { user, password: user })
    const { password } = (answer as { result: { password: string } }).result
    const token = Buffer.from(`${user}:${password}`).toString('base64')
    this.#tokens.set(user, token)
    return token
  }

  async #ask(method: string, path: string, content: object, headers = {}): Promise<unknown> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(content),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`devpi: ${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }
}

/** Ready to be asked when it returns. The password of each user is the username. */
export async function startDevpi(desk: Workplace): Promise<Devpi> {
  const folder = desk.join('devpi')
  const secret = await desk.write('secret', randomBytes(48).toString('base64'))
  const own = ['--serverdir', folder]
  const init = ['--no-root-pypi', '--root-passwd', 'root']
  await mustSucceed(desk.run('devpi', ['devpi-init', ...own, ...init]))
  const port = await freePort()
  const bin = join(await clientFolder('devpi'), 'bin', 'devpi-server')
  const flags = ['--secretfile', secret, '--port', String(port), '--offline-mode', ...quickly]
  const child = spawn(bin, [...own, ...flags], { stdio: 'ignore', cwd: desk.folder })
  const url = `http://127.0.0.1:${port}/`
  const ended = once(child, 'exit')
  const answers = async () => (await fetch(`${url}+api`).catch(() => undefined))?.ok === true
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`devpi-server ended with ${child.exitCode}.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return new Devpi(desk, url, async () => {
    child.kill()
    await ended
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
