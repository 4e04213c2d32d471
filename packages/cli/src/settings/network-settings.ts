/** From settings to how a client speaks with servers: proxies, certificates, patience, credentials. */

import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CredentialOptions, NetworkOptions } from '@cheeseshop/client'
import type { networkOptions } from '../options/global-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { UsageError } from '../report/usage-error.ts'

type Environment = Readonly<Record<string, string | undefined>>
type NetworkValues = ValuesOf<typeof networkOptions>

export function readNetworkSettings(
  values: NetworkValues,
  environment: Environment,
  version: string,
): NetworkOptions {
  const timeout = readNumber(values.timeout, '--timeout')
  const retries = readNumber(values.retries, '--retries')
  const authoritiesFile =
    values.cert ?? firstOf(environment, ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'])
  const clientFile = values['client-cert']
  return {
    userAgent: `cheese/${version}`,
    ...(timeout !== undefined && {
      idleTimeoutMs: timeout * 1000,
      connectTimeoutMs: timeout * 1000,
    }),
    ...(retries !== undefined && { retries }),
    proxies: readProxies(values, environment),
    certificates: {
      ...(authoritiesFile !== undefined && { authoritiesFile }),
      ...(clientFile !== undefined && { clientFile }),
    },
    trustedHosts: values['trusted-host'],
  }
}

export function readCredentialSettings(
  values: NetworkValues,
  environment: Environment,
): CredentialOptions {
  const home = environment['HOME'] ?? homedir()
  const named = environment['NETRC']
  const wantsKeyring =
    values['keyring-provider'] === 'subprocess' || values['keyring-provider'] === 'import'
  return {
    netrcFiles: named ? [named] : [join(home, '.netrc'), join(home, '_netrc')],
    keyring: wantsKeyring ? 'subprocess' : 'disabled',
  }
}

function readProxies(
  values: NetworkValues,
  environment: Environment,
): NetworkOptions['proxies'] & {} {
  const inEnvironment = values['no-proxy-env'] ? {} : environment
  const all = values.proxy ?? firstOf(inEnvironment, ['ALL_PROXY', 'all_proxy'])
  // HTTP_PROXY in capitals may come from a request's Proxy header where programs run as CGI, but pip reads it all the same.
  const http = values.proxy ?? firstOf(inEnvironment, ['http_proxy', 'HTTP_PROXY']) ?? all
  const https = values.proxy ?? firstOf(inEnvironment, ['https_proxy', 'HTTPS_PROXY']) ?? all
  const except = firstOf(inEnvironment, ['no_proxy', 'NO_PROXY'])
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    ...(except !== undefined && { except }),
  }
}

function firstOf(environment: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value)
}

function readNumber(text: string | undefined, origin: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value < 1e6) return value
  throw new UsageError(`${origin}: ${JSON.stringify(text.slice(0, 80))} is not a number`)
}
