/** The commands: each is loaded only when it is run. */

import type { Command } from '../command.ts'

const loaders: Record<string, { summary: string; load: () => Promise<Command> }> = {
  install: {
    summary: 'Install projects',
    load: async () => (await import('./install.ts')).install,
  },
  list: { summary: 'List what is installed', load: async () => (await import('./list.ts')).list },
}

export const commandNames = Object.entries(loaders).map(
  ([name, { summary }]) => [name, summary] as const,
)

export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(loaders, name) ? loaders[name]!.load() : undefined
}
