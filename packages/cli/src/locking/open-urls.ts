/** URLs as they stand in a lock, which is for everybody: user and password are left out, and that is told. */
import { urlWithoutCredentials } from '@cheeseshop/packaging'

export class OpenUrls {
  readonly #warn: (message: string) => void
  readonly #told = new Set<string>()

  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  /** Told once for each host. Names of variables are no secrets. */
  of(url: string): string {
    const open = urlWithoutCredentials(url)
    const host = URL.parse(open)?.host ?? ''
    if (open !== url && !this.#told.has(host)) {
      this.#told.add(host)
      this.#warn(
        `the lock has the URLs of ${host} without user and password; .netrc or a keyring can say them`,
      )
    }
    return open
  }
}
