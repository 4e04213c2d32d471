/** The commands: each is loaded only when it is run. */

import type { Command } from '../command.ts'

interface Entry {
  readonly summary: string
  readonly load: () => Promise<Command>
}

const commands: Record<string, Entry> = {
  install: {
    summary: 'Install projects and what they require',
    load: async () => (await import('./install.ts')).install,
  },
  uninstall: {
    summary: 'Uninstall projects',
    load: async () => (await import('./uninstall.ts')).uninstall,
  },
  upgrade: {
    summary: 'Upgrade what is installed',
    load: async () => (await import('./upgrade.ts')).upgrade,
  },
  sync: {
    summary: 'Make an environment hold exactly what files ask for',
    load: async () => (await import('./sync.ts')).sync,
  },
  autoremove: {
    summary: 'Remove what nobody asked for and nothing needs',
    load: async () => (await import('./autoremove.ts')).autoremove,
  },
  list: {
    summary: 'List what is installed',
    load: async () => (await import('./list.ts')).list,
  },
  freeze: {
    summary: 'Print what is installed, as requirements',
    load: async () => (await import('./freeze.ts')).freeze,
  },
  show: {
    summary: 'Show what is known of installed projects',
    load: async () => (await import('./show.ts')).show,
  },
  check: {
    summary: 'Check whether what is installed fits together',
    load: async () => (await import('./check.ts')).check,
  },
  inspect: {
    summary: 'Print everything that is known of an environment as JSON',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  audit: {
    summary: 'Ask the index for known vulnerabilities of what is installed',
    load: async () => (await import('./audit.ts')).audit,
  },
  why: {
    summary: 'Tell why a project is here, and why not in another version',
    load: async () => (await import('./why.ts')).why,
  },
  tree: {
    summary: 'Show who requires what',
    load: async () => (await import('./tree.ts')).tree,
  },
  lock: {
    summary: 'Pin what requirements lead to',
    load: async () => (await import('./lock.ts')).lock,
  },
  download: {
    summary: 'Download what an install would take',
    load: async () => (await import('./download.ts')).download,
  },
  index: {
    summary: 'Show which versions of a project there are',
    load: async () => (await import('./index-versions.ts')).index,
  },
  search: {
    summary: 'Find projects by parts of their names',
    load: async () => (await import('./search.ts')).search,
  },
  hash: {
    summary: 'Print the hashes of files',
    load: async () => (await import('./hash.ts')).hash,
  },
  cache: {
    summary: 'Show or empty the cache',
    load: async () => (await import('./cache.ts')).cache,
  },
  config: {
    summary: 'Show every setting and where it comes from',
    load: async () => (await import('./config.ts')).config,
  },
  debug: {
    summary: 'Show what the tool found here, for reports of faults',
    load: async () => (await import('./debug.ts')).debug,
  },
  completion: {
    summary: 'Print a script that lets a shell complete what is typed',
    load: async () => (await import('./completion.ts')).completionOf(loadAll),
  },
  venv: {
    summary: 'Make a virtual environment',
    load: async () => (await import('./venv.ts')).venv,
  },
  run: {
    summary: 'Run a script with what it requires, or a program of the environment',
    load: async () => (await import('./run.ts')).run,
  },
  build: {
    summary: 'Make an sdist and a wheel of a project',
    load: async () => (await import('./build.ts')).build,
  },
  wheel: {
    summary: 'Gather or build wheels of projects',
    load: async () => (await import('./wheel.ts')).wheel,
  },
  publish: {
    summary: 'Upload wheels and sdists to an index',
    load: async () => (await import('./publish.ts')).publish,
  },
}

export const commandNames = Object.entries(commands).map(
  ([name, { summary }]) => [name, summary] as const,
)

export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(commands, name) ? commands[name]!.load() : undefined
}

async function loadAll(): Promise<Map<string, Command>> {
  const loaded = Object.entries(commands).map(
    async ([name, { load }]) => [name, await load()] as const,
  )
  return new Map(await Promise.all(loaded))
}
