/** From settings to how a client speaks with servers: proxies, certificates, patience, credentials. */

import {
  type CredentialOptions,
  findNetrcFiles,
  type NetworkOptions,
  readCertificateFiles,
  readProxies,
} from '@cheeseshop/client'
import type { networkOptions } from '../options/global-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { OptionError } from '../report/usage-error.ts'

type Environment = Readonly<Record<string, string | undefined>>
type NetworkValues = ValuesOf<typeof networkOptions>

export function readNetworkSettings(
  values: NetworkValues,
  environment: Environment,
  version: string,
): NetworkOptions {
  const timeout = readNumber(values.timeout, '--timeout')
  const retries = readNumber(values.retries, '--retries')
  return {
    userAgent: `cheese/${version}`,
    ...(timeout !== undefined && {
      idleTimeoutMs: timeout * 1000,
      connectTimeoutMs: timeout * 1000,
    }),
    ...(retries !== undefined && { retries }),
    proxies: readProxies(
      values['no-proxy-env'] ? withoutProxies(environment) : environment,
      values.proxy,
    ),
    certificates: readCertificateFiles(environment, {
      cert: values.cert,
      clientCert: values['client-cert'],
    }),
    trustedHosts: values['trusted-host'],
  }
}

export function readCredentialSettings(
  values: NetworkValues,
  environment: Environment,
): CredentialOptions {
  const wantsKeyring =
    values['keyring-provider'] === 'subprocess' || values['keyring-provider'] === 'import'
  return {
    netrcFiles: findNetrcFiles(environment),
    keyring: wantsKeyring ? 'subprocess' : 'disabled',
  }
}

/** Only NO_PROXY is left. */
function withoutProxies({ no_proxy, NO_PROXY }: Environment): Environment {
  return { no_proxy, NO_PROXY }
}

function readNumber(text: string | undefined, origin: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value < 1e6) return value
  throw new OptionError(`${origin}: ${JSON.stringify(text.slice(0, 80))} is not a number`)
}
