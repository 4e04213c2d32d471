/** What the environment variables that all tools share say about the network: proxies, authorities, .netrc. */
import type { CertificateOptions, ProxyOptions } from '../client-options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `proxy` is pip's setting, which wins over the variables. */
export function readProxies(environment: Environment, proxy?: string): ProxyOptions {
  const all = proxy ?? firstOf(environment, ['ALL_PROXY', 'all_proxy'])
  // HTTP_PROXY in capitals may come from a request's Proxy header where programs run as CGI, but pip reads it all the same.
  const http = proxy ?? firstOf(environment, ['http_proxy', 'HTTP_PROXY']) ?? all
  const https = proxy ?? firstOf(environment, ['https_proxy', 'HTTPS_PROXY']) ?? all
  const except = firstOf(environment, ['no_proxy', 'NO_PROXY'])
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    ...(except !== undefined && { except }),
  }
}

/** `cert` and `clientCert` are pip's settings. */
export function readCertificateFiles(
  environment: Environment,
  { cert, clientCert }: { cert?: string | undefined; clientCert?: string | undefined },
): CertificateOptions {
  const names = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']
  const authoritiesFile = cert ?? firstOf(environment, names)
  return {
    ...(authoritiesFile !== undefined && { authoritiesFile }),
    ...(clientCert !== undefined && { clientFile: clientCert }),
  }
}

export function findNetrcFiles(environment: Environment): string[] {
  const { join } = process.getBuiltinModule('node:path')
  const named = environment['NETRC']
  const home = environment['HOME'] ?? process.getBuiltinModule('node:os').homedir()
  return named ? [named] : [join(home, '.netrc'), join(home, '_netrc')]
}

function firstOf(environment: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value)
}
