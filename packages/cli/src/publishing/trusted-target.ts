/** Trusted publishing: the identity of a CI job becomes a token of the index, which is renewed before it runs out. */
import type { Client, MintedToken, UploadTarget } from '@cheeseshop/client'
import type { AskIdentity } from './identity-token.ts'

export interface TrustedTargetParts {
  readonly client: Pick<Client, 'audience' | 'mintToken'>
  readonly url: string
  readonly identity: AskIdentity
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Tokens live for 15 minutes, and a large upload may take some of them. */
const margin = 5 * 60_000
const lifetime = 15 * 60_000

export function trustedTarget(parts: TrustedTargetParts): () => Promise<UploadTarget> {
  const { url, now = Date.now } = parts
  let minted: MintedToken | undefined
  let validUntil = 0
  return async () => {
    if (minted === undefined || now() > validUntil - margin) {
      minted = await mint(parts)
      validUntil = minted.expires?.getTime() ?? now() + lifetime
    }
    return { url, credentials: { username: '__token__', password: minted.token } }
  }
}

async function mint({ client, url, identity }: TrustedTargetParts): Promise<MintedToken> {
  const audience = await client.audience(url)
  return client.mintToken(url, await identity(audience))
}
