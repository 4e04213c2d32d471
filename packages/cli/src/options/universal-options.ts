/** For which environments a lock shall hold, and how it may differ between them. */

import type { OptionTable } from './option.ts'

export const universalOptions = {
  universal: {
    kind: 'flag',
    help: 'Lock for every platform, and every Python from this one or --python-version on.',
  },
  environment: {
    kind: 'list',
    placeholder: 'MARKER',
    help: 'With --universal: only where this marker holds; given again, there too.',
  },
  'required-environment': {
    kind: 'list',
    placeholder: 'MARKER',
    help: 'With --universal: where this marker holds every project must have a file.',
  },
  'fork-strategy': {
    kind: 'text',
    placeholder: 'STRATEGY',
    choices: ['requires-python', 'fewest'],
    help: 'With --universal: the latest version for each Python, or the fewest versions. [requires-python]',
  },
} as const satisfies OptionTable
