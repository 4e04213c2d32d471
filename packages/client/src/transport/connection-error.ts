/** Turns Node's network errors into sentences: what failed, with whom, and whether it may pass. */
import { ClientError, type ClientErrorCode } from '../client-error.ts'
import { redactText, redactUrl } from '../redact-url.ts'

interface Explanation {
  readonly code: ClientErrorCode
  readonly what: string
  readonly hint: string
  readonly isTransient: boolean
}

export function connectionError(error: Error, url: URL): ClientError {
  const cause = String((error as NodeJS.ErrnoException).code ?? error.name)
  const { code, what, hint, isTransient } = explain(cause, url, error)
  return new ClientError(code, `${what} (${redactUrl(url)}: ${reason(error, cause)}).`, {
    url,
    hint,
    isTransient,
    cause: error,
  })
}

function reason(error: Error, code: string): string {
  const message = redactText(error.message).slice(0, 300)
  return message.includes(code) || message === '' ? message || code : `${code}, ${message}`
}

function explain(code: string, url: URL, error: Error): Explanation {
  const { host } = url
  if (error.name === 'AbortError') {
    return { code: 'cancelled', what: 'Cancelled', hint: '', isTransient: false }
  }
  const proxy = otherPlace(error, url)
  if (proxy !== undefined) {
    const what = `The connection to ${proxy}, the proxy for ${host}, failed`
    const hint = 'Check the proxy settings, and that the proxy is up.'
    return { code: 'proxy', what, hint, isTransient: code !== 'ENOTFOUND' }
  }
  if (code === 'ERR_PROXY_TUNNEL' || code === 'ERR_PROXY_INVALID_CONFIG') {
    const what = `The proxy did not connect to ${host}`
    return { code: 'proxy', what, hint: 'Check the proxy settings.', isTransient: false }
  }
  if (isTlsCode(code)) {
    const hint = `If ${host} has a private certificate, give its authority's PEM file, or name the host as trusted.`
    const what = `There is no secure connection to ${host}`
    return { code: 'tls', what, hint, isTransient: false }
  }
  if (code === 'ENOTFOUND') {
    const hint = 'Check the spelling of the URL, and the network.'
    return { code: 'connection', what: `There is no host ${host}`, hint, isTransient: false }
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const what = `There is no connection to ${host}: too many files are open`
    const hint = 'Raise the limit of open files (ulimit -n), and run it again.'
    return { code: 'connection', what, hint, isTransient: true }
  }
  if (code.startsWith('HPE_')) {
    const hint = 'Check that the URL and its port are those of an index.'
    return { code: 'bad-body', what: `${host} does not speak HTTP`, hint, isTransient: false }
  }
  return {
    code: 'connection',
    what: `The connection to ${host} failed`,
    hint: 'Check the network, and that the index is up.',
    isTransient: true,
  }
}

/** Where a connection went that did not go to the host: Node tells of no proxy, but of the place that did not answer. */
function otherPlace(error: Error, url: URL): string | undefined {
  const { hostname, address, port } = error as {
    hostname?: string
    address?: string
    port?: number
  }
  if (hostname !== undefined) {
    return hostname === url.hostname.replace(/^\[|\]$/g, '') ? undefined : hostname
  }
  const own = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  return port === undefined || port === own ? undefined : `${address ?? ''}:${port}`
}

function isTlsCode(code: string): boolean {
  return /^(CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_|EPROTO$)/.test(
    code,
  )
}
