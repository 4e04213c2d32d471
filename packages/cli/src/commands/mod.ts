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
  venv: {
    summary: 'Make a virtual environment',
    load: async () => (await import('./venv.ts')).venv,
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
