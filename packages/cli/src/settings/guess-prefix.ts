/** The virtual environment that is meant, found without starting Python: pip's file of settings in it counts. */

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface PrefixRequest {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly python: string | undefined
}

export function guessPrefix({ folder, environment, python }: PrefixRequest): string | undefined {
  const named = python ?? environment['CHEESE_PYTHON']
  const places = named
    ? [resolve(folder, named), dirname(dirname(resolve(folder, named)))]
    : [environment['VIRTUAL_ENV'] ?? '', join(folder, '.venv')]
  return places.find((place) => place !== '' && existsSync(join(place, 'pyvenv.cfg')))
}
