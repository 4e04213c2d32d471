/** Opens clients for publishing: no index but the one that is checked, and nothing from a cache. */
import { type Client, openClient } from '@cheeseshop/client'
import type { networkOptions } from '../options/global-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { Session } from '../session.ts'
import { readCredentialSettings, readNetworkSettings } from '../settings/network-settings.ts'
import { version } from '../version.ts'

export function openUploadClient(
  { environment, printer }: Session,
  values: ValuesOf<typeof networkOptions>,
  checkUrl?: string,
): Client {
  return openClient({
    indexes: checkUrl === undefined ? [] : [{ url: checkUrl }],
    network: readNetworkSettings(values, environment, version),
    credentials: readCredentialSettings(values, environment),
    isOffline: values.offline,
    onEvent(event) {
      if (event.type === 'warning') printer.warning(event.message)
      if (event.type === 'retry') printer.info(`${event.url}: ${event.reason}; trying again`)
      if (event.type === 'request') printer.detail(`${event.method} ${event.url}`)
    },
  })
}
