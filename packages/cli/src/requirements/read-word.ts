/** From one word of a command line or file to a requirement: a name with versions, a URL, or a path to a file. */

import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  InvalidRequirement,
  parseMarker,
  parseRequirement,
  Requirement,
  SpecifierSet,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'

const archive = /\.(whl|tar\.gz|zip)$/i

/** Paths are relative to `folder`. Throws `UsageError`. */
export function readWord(text: string, folder: string): Requirement {
  const [main = '', marker] = splitMarker(text.trim())
  const isUrl = /^[a-z][a-z+.-]*:/i.test(main)
  if (isUrl) return requirementOf(main, marker)
  const [path, extras] = splitExtras(main)
  const isNamed = /^[\w.-]+\s*(\[[^\]]*\])?\s*@\s/.test(main)
  const isPath = /^\.{0,2}[\\/]|^\.{1,2}$/.test(path) || (archive.test(path) && !isNamed)
  if (!isPath) return readNamed(text, folder)
  const full = isAbsolute(path) ? path : resolve(folder, path)
  if (!existsSync(full)) throw new UsageError(`there is no file ${path}`)
  if (!archive.test(full)) throw new UsageError(`${path} is a folder: ${notBuilt}`)
  return requirementOf(`${pathToFileURL(full).href}${extras}`, marker)
}

/** Until projects are built from their sources. */
const notBuilt = 'installing from sources is not supported yet; build a wheel and install that'

function readNamed(text: string, folder: string): Requirement {
  try {
    const requirement = parseRequirement(text)
    const { url } = requirement
    // `name @ ./path` is not a URL to the standard, but people write it.
    const isPath = url !== undefined && !/^[a-z][a-z+.-]*:/i.test(url)
    if (!isPath) return requirement
    return new Requirement({ ...requirement, url: pathToFileURL(resolve(folder, url)).href })
  } catch (error) {
    if (!(error instanceof InvalidRequirement)) throw error
    const isSingleEquals = /^[\w.-]+(\[[^\]]*\])?\s*=[^=]/.test(text)
    const hints = isSingleEquals ? ['two signs, ==, ask for one version'] : []
    throw new UsageError(error.message, ...hints)
  }
}

/** The name comes from the end of the URL, or from `#egg=`. */
function requirementOf(address: string, marker: string | undefined): Requirement {
  const [url, extras] = splitExtras(address)
  const { pathname, hash } = new URL(url.replace(/^\w+\+/, ''))
  const filename = decodeURIComponent(pathname.split('/').at(-1)!)
  const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
  const named = /[#&]egg=([\w.-]+)/.exec(hash)?.[1] ?? parsed?.rawName
  if (named === undefined) {
    throw new UsageError(
      `${url} does not say which project it is`,
      'write NAME @ URL, or give the URL of a wheel',
    )
  }
  return new Requirement({
    name: named,
    extras:
      extras === ''
        ? []
        : extras
            .slice(1, -1)
            .split(',')
            .map((each) => each.trim()),
    specifier: new SpecifierSet([]),
    url,
    marker: marker === undefined ? undefined : parseMarker(marker),
  })
}

/** `./demo.whl[extra]` */
function splitExtras(text: string): [path: string, extras: string] {
  const match = /^(.*?)(\[[\w\s,.-]*\])$/.exec(text)
  return match ? [match[1]!, match[2]!] : [text, '']
}

/** After a URL or path a semicolon needs a space before it, as it may be part of both. */
function splitMarker(text: string): [main: string, marker: string | undefined] {
  const at = text.search(/\s;|;\s/)
  return at === -1
    ? [text, undefined]
    : [text.slice(0, at), text.slice(at).replace(/^\s*;/, '').trim()]
}
