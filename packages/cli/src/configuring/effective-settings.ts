/** Every setting as it counts here, and where it comes from. */

import { redactUrl } from '@cheeseshop/client'
import { globalOptions, networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { AnyValue } from '../options/option.ts'
import { environmentOptions, inputOptions, strategyOptions } from '../options/resolve-options.ts'
import type { Session } from '../session.ts'
import { findDefaultIndex } from '../settings/default-index.ts'
import { describeStated, readDependencyMetadata } from '../settings/dependency-metadata.ts'

export interface EffectiveSetting {
  readonly name: string
  readonly value: AnyValue
  readonly origin: string
}

const { help: _, ...everywhere } = globalOptions

const settable = {
  ...indexOptions,
  ...networkOptions,
  ...choiceOptions,
  ...strategyOptions,
  ...inputOptions,
  ...environmentOptions,
  ...everywhere,
}

export function readEffectiveSettings(session: Session): Promise<EffectiveSetting[]> {
  const rows = Object.keys(settable).map((name) => {
    const { value, origin } = session.setting(settable, name)
    return withDefault(session, { name, value: redacted(value), origin: origin ?? 'default' })
  })
  return Promise.all([...rows, ...metadataRow(session)])
}

/** It has no option: one text cannot say it. */
function metadataRow(session: Session): EffectiveSetting[] {
  const found = readDependencyMetadata(session)
  if (found === undefined) return []
  const value = found.stated.map(describeStated)
  return [{ name: 'dependency-metadata', value, origin: found.origin }]
}

/** The index that is asked when nobody names one. */
async function withDefault(session: Session, row: EffectiveSetting): Promise<EffectiveSetting> {
  if (row.name !== 'index-url' || row.origin !== 'default') return row
  const url = await findDefaultIndex(await session.interpreter(), session.cache)
  return url === undefined
    ? row
    : { ...row, value: redactUrl(url), origin: 'the pip of the environment' }
}

function redacted(value: AnyValue): AnyValue {
  if (Array.isArray(value)) return value.map((each) => redacted(each) as string)
  return typeof value === 'string' && value.includes('://') ? redactUrl(value) : value
}

/** On one line. */
export function settingText(value: AnyValue): string {
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}
