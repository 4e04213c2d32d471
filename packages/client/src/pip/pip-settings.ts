/** How the pip of this machine reaches its index: the settings another program needs to do the same. */
import type { CredentialOptions, NetworkOptions } from '../client-options.ts'
import { findNetrcFiles, readCertificateFiles, readProxies } from './network-environment.ts'
import { findPipSetting, type PipPlaces, readPipFiles } from './pip-files.ts'

export interface PipSettings {
  /** Undefined where only pip itself knows: see `askDefaultIndex`. May hold credentials. */
  readonly indexUrl?: string
  /** For people: a variable, or a file and its section. */
  readonly indexOrigin?: string
  readonly network: NetworkOptions
  readonly credentials: CredentialOptions
}

/** As `pip install` would read them: variables before files. Throws `InvalidPipFile`. */
export function readPipSettings(places: PipPlaces): PipSettings {
  const { environment } = places
  const files = readPipFiles(places)
  const find = (key: string) => {
    const variable = `PIP_${key.toUpperCase().replaceAll('-', '_')}`
    const value = environment[variable]
    if (value) return { value, origin: variable }
    return findPipSetting(files, 'install', key) ?? findPipSetting(files, 'global', key)
  }
  const index = find('index-url')
  const trustedHosts = find('trusted-host')?.value.split(/\s+/).filter(Boolean) ?? []
  const certificates = { cert: find('cert')?.value, clientCert: find('client-cert')?.value }
  return {
    ...(index !== undefined && { indexUrl: index.value, indexOrigin: index.origin }),
    network: {
      proxies: readProxies(environment, find('proxy')?.value),
      certificates: readCertificateFiles(environment, certificates),
      trustedHosts,
    },
    credentials: {
      netrcFiles: findNetrcFiles(environment),
      keyring: find('keyring-provider')?.value === 'subprocess' ? 'subprocess' : 'disabled',
    },
  }
}
