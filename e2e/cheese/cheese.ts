/** Runs our own tool as a user would, in a temporary home, and keeps its transcript. */
import { join } from 'node:path'
import { type CommandResult, runCommand } from '../../tools/run-command.ts'
import { findPython } from '../clients/python.ts'
import type { Session } from '../kit/session.ts'

const command = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'cheese')

const changing = new Set(['install', 'uninstall', 'upgrade', 'sync', 'autoremove'])

export interface CheeseOptions {
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly input?: string
  /** A program, and its words, that starts the tool. */
  readonly before?: readonly string[]
}

export class Cheese {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** Nothing of the machine's settings counts; the server's index is set in a variable. */
  async run(words: string[], options: CheeseOptions = {}): Promise<CommandResult> {
    const { desk, server } = this.#session
    const python = (await findPython()).path
    const [program = command, ...rest] = [...(options.before ?? []), command]
    const result = await runCommand(program, [...rest, ...words], {
      cwd: options.cwd ?? desk.folder,
      input: options.input,
      env: {
        HOME: desk.folder,
        XDG_CACHE_HOME: desk.join('.cache'),
        XDG_CONFIG_HOME: desk.join('.config'),
        PATH: `${join(python, '..')}:/usr/local/bin:/usr/bin:/bin`,
        PIP_CONFIG_FILE: '/dev/null',
        CHEESE_INDEX_URL: server.simpleUrl,
        // Who forgets to name an environment must not change the Python of this machine.
        ...(words.some((word) => changing.has(word)) && { CHEESE_REQUIRE_VIRTUALENV: '1' }),
        ...options.env,
      },
    })
    return { ...result, output: this.#general(result.output), stdout: this.#general(result.stdout) }
  }

  /** A new environment, active for the runs that get its variables. */
  async makeEnvironment(name: string): Promise<{ folder: string; env: Record<string, string> }> {
    const folder = this.#session.desk.join(name)
    const { code, output } = await this.run(['venv', folder, '--clear', '-q'])
    if (code !== 0) throw new Error(output)
    return { folder, env: { VIRTUAL_ENV: folder } }
  }

  /** Without what differs from run to run. */
  #general(text: string): string {
    const { desk, server } = this.#session
    return text
      .replaceAll(desk.folder, 'HOME')
      .replaceAll(server.url, 'SERVER/')
      .replace(/ in (\d+ ms|[\d.]+ s|\d+ min \d+ s)$/gm, ' in TIME')
  }
}
