/** What a direct URL says by itself: the file it names, its hashes, or that it leads to sources. */

import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DirectUrl, tryParseSdistFilename, tryParseWheelFilename } from '@cheeseshop/packaging'
import { BuildError, quoted } from '../build/build-error.ts'

/** Whether a URL names a wheel or an sdist, of which everything is known by its name, and not sources of any kind. */
export function leadsToFile(url: string): boolean {
  const [address = '', fragment = ''] = url.split('#')
  if (/^\w+\+/.test(url)) return false
  const filename = filenameOf(address)
  const isWheel = tryParseWheelFilename(filename) !== undefined
  // No project lies deeper in a wheel.
  const isWhole = !/(^|&)subdirectory=/.test(fragment)
  const isFile = isWheel || (isWhole && tryParseSdistFilename(filename) !== undefined)
  return isFile && localFolder(url) === undefined
}

/** The path of a `file:` URL where that is a folder. */
export function localFolder(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  const path = pathOf(url)
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : undefined
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url.split('#')[0]!)
  } catch (cause) {
    throw new BuildError('bad-source', `${quoted(url)} is no URL of a local file.`, {
      hint: 'Write "file:///" and an absolute path.',
      cause,
    })
  }
}

export function filenameOf(address: string): string {
  const last = address.split('?')[0]!.split('/').at(-1)!
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

const digestLengths: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['sha224', 56],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
])

/** Of a fragment such as `sha256=0123abcd`. Throws `BuildError`: what cannot match must not go unchecked. */
export function hashesOf(fragment: string): Readonly<Record<string, string>> {
  const [, algorithm = '', digest = ''] = /(?:^|&)(md5|sha\d{1,3})=([^&]*)/.exec(fragment) ?? []
  const length = digestLengths.get(algorithm)
  if (length === undefined) return {}
  if (digest.length === length && /^[0-9a-f]*$/i.test(digest)) {
    return { [algorithm]: digest.toLowerCase() }
  }
  throw new BuildError('bad-source', `${quoted(digest)} is no ${algorithm} digest.`, {
    hint: `It has ${length} hexadecimal digits.`,
  })
}

/** Whether what was installed from one place is what is at a URL now, without looking: the same file, the same commit. */
export function isSurelyFrom(known: DirectUrl | undefined, url: string): boolean {
  if (known === undefined || url.startsWith('file:')) return false
  const [address = '', fragment = ''] = url.split('#')
  const { subdirectory } = known
  if ((new URLSearchParams(fragment).get('subdirectory') ?? undefined) !== subdirectory)
    return false
  const [, repository, commit] = /^git\+(.+)@([0-9a-f]{40,64})$/.exec(address) ?? []
  if (repository !== undefined) {
    return known.vcsInfo?.commitId === commit && isSamePlace(known.url, repository)
  }
  return isSamePlace(known.url, address) && agreesOn(known, hashesOf(fragment))
}

/** direct_url.json has no credentials. */
export function isSamePlace(known: string, address: string): boolean {
  const withoutUser = (url: string) => url.replace(/^(\w+:\/\/)[^/?#@]*@/, '$1')
  return withoutUser(known) === withoutUser(address)
}

/** Whether no hash contradicts what is known of an archive. */
export function agreesOn(
  { archiveInfo }: DirectUrl,
  hashes: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(hashes).every(([algorithm, digest]) => {
    const there = archiveInfo?.hashes?.[algorithm]
    return there === undefined || there === digest
  })
}
