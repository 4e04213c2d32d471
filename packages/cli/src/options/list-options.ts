/** Options of commands that look at what is installed. */

import type { OptionTable } from './option.ts'

export const lookOptions = {
  local: { kind: 'flag', short: 'l', help: 'Only what is in the virtual environment itself.' },
  user: { kind: 'flag', help: "Only what is in the user's own folder." },
  path: { kind: 'list', placeholder: 'DIR', help: 'Look into this folder instead.' },
} as const satisfies OptionTable
