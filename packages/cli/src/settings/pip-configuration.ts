/** pip's configuration files as a place where settings stand. */

import { findPipSetting, InvalidPipFile, type PipPlaces, readPipFiles } from '@cheeseshop/client'
import { UsageError } from '../report/usage-error.ts'
import { type SettingSource, sourceOf } from './setting-source.ts'

export interface PipConfigurationRequest extends PipPlaces {
  readonly command: string
}

/** Strongest first: all files' `[command]` sections come before any `[global]`. */
export function readPipConfiguration(request: PipConfigurationRequest): SettingSource[] {
  const files = readOrExplain(request)
  const section = (name: string) =>
    sourceOf({
      isPips: true,
      get: (key) => findPipSetting(files, name, key),
    })
  const [word = ''] = request.command.split(' ')
  return [section(word), section('global')]
}

function readOrExplain(places: PipPlaces): ReturnType<typeof readPipFiles> {
  try {
    return readPipFiles(places)
  } catch (error) {
    if (!(error instanceof InvalidPipFile)) throw error
    throw new UsageError(error.message)
  }
}
