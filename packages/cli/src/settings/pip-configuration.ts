/** pip's configuration files, in its places and its order, so that what works with pip works here. */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { UsageError } from '../report/usage-error.ts'
import { readIni } from './read-ini.ts'
import { type FoundSetting, type SettingSource, sourceOf } from './setting-source.ts'

export interface PipConfigurationRequest {
  readonly command: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly prefix?: string | undefined
}

/** Strongest first: all files' `[command]` sections come before any `[global]`; among files the last one wins. */
export function readPipConfiguration(request: PipConfigurationRequest): SettingSource[] {
  const files = findPipFiles(request).flatMap((path) => {
    const text = readIfThere(path)
    return text === undefined ? [] : [{ path, sections: parse(path, text) }]
  })
  const section = (name: string) =>
    sourceOf({
      negativesHoldTheValue: true,
      get: (key) => {
        const file = files.findLast(({ sections }) => sections.get(name)?.has(key))
        const value = file?.sections.get(name)?.get(key)
        return value
          ? ({ value, origin: `${file!.path} [${name}]` } satisfies FoundSetting)
          : undefined
      },
    })
  const [word = ''] = request.command.split(' ')
  return [section(word), section('global')]
}

/** In the order in which pip reads them. */
export function findPipFiles({ environment, prefix }: PipConfigurationRequest): string[] {
  const named = environment['PIP_CONFIG_FILE']
  if (named === '/dev/null') return []
  const home = environment['HOME'] ?? homedir()
  const machine = (environment['XDG_CONFIG_DIRS'] || '/etc/xdg').split(delimiter).filter(Boolean)
  const personal = environment['XDG_CONFIG_HOME'] || join(home, '.config')
  return [
    ...machine.map((folder) => join(folder, 'pip', 'pip.conf')),
    '/etc/pip.conf',
    join(home, '.pip', 'pip.conf'),
    join(personal, 'pip', 'pip.conf'),
    ...(prefix === undefined ? [] : [join(prefix, 'pip.conf')]),
    ...(named ? [named] : []),
  ]
}

function parse(path: string, text: string) {
  try {
    return readIni(text)
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`)
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`)
  }
}
