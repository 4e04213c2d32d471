/** For which machine and Python files are chosen, where not for those at hand. */

import type { OptionTable } from './option.ts'

export const targetOptions = {
  'python-platform': {
    kind: 'list',
    placeholder: 'NAME',
    help: 'Choose files for this platform: linux, macos, windows, aarch64-manylinux_2_28, ...',
  },
  'python-version': {
    kind: 'list',
    placeholder: 'VERSION',
    help: 'Choose files for this Python: 3.12.',
  },
  platform: {
    kind: 'list',
    placeholder: 'TAG',
    help: 'Choose wheels with this platform tag; given again, that one will do, too. With --only-binary=:all: or --no-deps.',
  },
  implementation: {
    kind: 'text',
    placeholder: 'NAME',
    help: 'Choose wheels for cp, pp, jy, ip, or py for any.',
  },
  abi: { kind: 'list', placeholder: 'TAG', help: 'Choose wheels with this ABI tag.' },
} as const satisfies OptionTable
