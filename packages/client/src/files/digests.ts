/** Compares bytes with the digests that an index gives for them. */
import type { Hash } from 'node:crypto'
import type { Hashes } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

/** Strong ones; of the weak ones only those are checked that an index still gives alone. */
const strong = ['sha256', 'sha384', 'sha512', 'sha3_256', 'sha3_384', 'sha3_512'] as const
const weak = ['sha224', 'sha1', 'md5'] as const

/** Digests of what passes by: always SHA-256, and every other that is expected. */
export class Digester {
  readonly #expected: Hashes
  readonly #hashes = new Map<string, Hash>()

  constructor(expected: Hashes) {
    this.#expected = expected
    for (const name of new Set(['sha256', ...checkedAlgorithms(expected)])) {
      const { createHash } = process.getBuiltinModule('node:crypto')
      this.#hashes.set(name, createHash(name.replace('_', '-')))
    }
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(bytes)
  }

  /** The digests, once. Throws `digest-mismatch` when one is not as expected. */
  finish(url: string): Hashes {
    const actual: Record<string, string> = {}
    for (const [name, hash] of this.#hashes) actual[name] = hash.digest('hex')
    for (const name of checkedAlgorithms(this.#expected)) {
      if (actual[name] === this.#expected[name]) continue
      throw mismatch(url, name, this.#expected[name]!, actual[name]!)
    }
    return actual
  }
}

export function checkDigests(bytes: Uint8Array, expected: Hashes, url: string): Hashes {
  const digester = new Digester(expected)
  digester.update(bytes)
  return digester.finish(url)
}

function checkedAlgorithms(expected: Hashes): string[] {
  const given = strong.filter((name) => Object.hasOwn(expected, name))
  return given.length > 0 ? given : weak.filter((name) => Object.hasOwn(expected, name)).slice(0, 1)
}

function mismatch(url: string, name: string, expected: string, actual: string): ClientError {
  const message = `${redactUrl(url)} is not the file it should be: its ${name} is ${actual}, and ${expected} is expected.`
  return new ClientError('digest-mismatch', message, {
    url,
    hint: 'Do not use it. Try again; if it happens again, the index or something on the way changes files.',
  })
}
