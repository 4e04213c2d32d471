/** Opens the client that a command's settings describe. */

import { type Client, openClient } from '@cheeseshop/client'
import { normalizeName } from '@cheeseshop/packaging'
import type { networkOptions } from '../options/global-options.ts'
import type { indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { Progress } from '../report/progress.ts'
import type { Session } from '../session.ts'
import { findDefaultIndex } from '../settings/default-index.ts'
import { type IndexSettings, readIndexSettings } from '../settings/index-settings.ts'
import { readCredentialSettings, readNetworkSettings } from '../settings/network-settings.ts'
import { version } from '../version.ts'

export type ClientValues = ValuesOf<typeof indexOptions> & ValuesOf<typeof networkOptions>

export interface OpenedClient {
  readonly client: Client
  readonly indexes: IndexSettings
}

export interface OpenClientOptions {
  /** Options that files of requirements set. */
  readonly fromFiles?: ReadonlyMap<string, readonly string[]>
  /** Is told of downloads. */
  readonly progress?: Progress
}

export async function openSessionClient(
  session: Session,
  values: ClientValues,
  options: OpenClientOptions = {},
): Promise<OpenedClient> {
  const { environment, folder, cache, printer } = session
  const fromFiles = options.fromFiles ?? new Map()
  const indexes = await readIndexSettings({
    values,
    fromFiles,
    folder,
    defaultIndex: async () => findDefaultIndex(await session.interpreter(), cache),
  })
  const refreshed = values['refresh-package']
  const client = openClient({
    ...indexes,
    network: {
      ...readNetworkSettings(values, environment, version),
      trustedHosts: [...values['trusted-host'], ...(fromFiles.get('trusted-host') ?? [])],
    },
    credentials: readCredentialSettings(values, environment),
    ...(session.keepsCache && {
      cache: {
        folder: cache.join('client'),
        ...(refreshed.length > 0 && {
          refresh: refreshed.includes(':all:') ? 'all' : new Set(refreshed.map(normalizeName)),
        }),
      },
    }),
    isOffline: values.offline,
    onEvent: (event) => {
      if (event.type === 'warning') printer.warning(event.message)
      if (event.type === 'retry') printer.detail(`${event.url}: ${event.reason}; trying again`)
      if (event.type === 'request') printer.detail(`${event.method} ${event.url}`)
      if (event.type === 'download')
        options.progress?.downloading(event.filename, event.received, event.total)
    },
  })
  return { client: session.keep(client), indexes }
}
