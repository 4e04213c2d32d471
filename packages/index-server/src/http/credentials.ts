/** Who a request says it is from. */
import { DomainError } from '../domain/errors.ts'
import type { Credentials } from '../domain/trust/authenticate.ts'
import type { Call } from './surface.ts'

/** DomainError `not-authenticated` when the request names nobody. */
export function readCredentials(call: Call): Credentials {
  const header = call.req.header('authorization')
  if (!header) {
    throw new DomainError(
      'not-authenticated',
      'This needs an API token. Send it as the password of the user __token__, or as a bearer token.',
    )
  }
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S.*)$/.exec(header.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'basic':
      return readBasic(value)
    case 'bearer':
    case 'token':
      return { bearer: value }
    default:
      throw new DomainError(
        'not-authenticated',
        `The authorization scheme ${JSON.stringify(scheme.slice(0, 40))} is not known here. Use Basic or Bearer.`,
      )
  }
}

function readBasic(value: string): Credentials {
  const text = Buffer.from(value, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 0) {
    throw new DomainError(
      'not-authenticated',
      'The Basic credentials are not the base64 of "user:password".',
    )
  }
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}
