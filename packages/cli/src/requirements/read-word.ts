/** From one word of a command line or file to what it asks for: a name with versions, a URL, or a path. */

import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { filenameOf, localFolder } from '@cheeseshop/installer'
import {
  InvalidMarker,
  InvalidRequirement,
  type Marker,
  parseMarker,
  parseRequirement,
  Requirement,
  SpecifierSet,
  tryParseName,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'

export type Word = { readonly requirement: Requirement } | { readonly source: UnnamedSource }

/** Sources of which nobody says what project they are. */
export interface UnnamedSource {
  readonly url: string
  readonly extras: readonly string[]
  readonly marker: Marker | undefined
}

const archive = /\.(whl|tar\.gz|tgz|zip)$/i
const scheme = /^[a-z][a-z0-9+.-]*:/i

/** Paths are relative to the first of `folders` that has them. Throws `UsageError`. */
export function readWord(text: string, folders: readonly string[]): Word {
  const [main = '', marker] = splitMarker(text.trim())
  const near = /^file:(?!\/)(.+)$/i.exec(main)?.[1]
  if (near) {
    const [path = '', ...fragment] = near.split('#')
    const { href } = pathToFileURL(findPath(path, folders))
    return sourceOf([href, ...fragment].join('#'), marker)
  }
  if (scheme.test(main) || main.startsWith('git+')) return sourceOf(main, marker)
  const [path, extras] = splitExtras(main)
  const isNamed = /^[\w.-]+\s*(\[[^\]]*\])?\s*@/.test(main)
  const isPath = !isNamed && (/^\.|[\\/]/.test(path) || archive.test(path))
  if (!isPath) {
    refuseList(main, folders)
    return { requirement: readNamed(text, folders) }
  }
  // pip takes what follows a URL after a path, too: `./lib#egg=lib`.
  const [, bare = path, fragment = ''] = /^(.+?)(#(?:egg|subdirectory|sha\d+)=.*)$/.exec(path) ?? []
  return sourceOf(`${pathToFileURL(findPath(bare, folders)).href}${fragment}${extras}`, marker)
}

/** A name may look like the name of a file; one that is there is meant. */
function refuseList(name: string, folders: readonly string[]): void {
  const isFile = folders.some((folder) => existsSync(join(folder, name)))
  if (!/\.(txt|in|toml)$/i.test(name) || !isFile) return
  const hint =
    /\.toml$/i.test(name) && !/^pylock/i.test(name) ? 'name its folder, as ./' : `-r ${name}`
  throw new UsageError(`${name} is a file and no project`, hint)
}

function findPath(path: string, folders: readonly string[]): string {
  const full = folders.map((folder) => resolve(folder, path)).find((each) => existsSync(each))
  if (full === undefined) {
    const isSlash = /[\\/]/.test(path)
    const meant = isSlash ? 'with a slash' : 'that ends as an archive does'
    throw new UsageError(`there is no file ${path}`, `a path is meant by every word ${meant}`)
  }
  if (statSync(full).isDirectory()) requireProject(full, path)
  else if (!archive.test(full)) {
    throw new UsageError(`${path} is no wheel, no sdist and no folder with a project`)
  }
  return full
}

function requireProject(folder: string, shown: string): void {
  if (['pyproject.toml', 'setup.py'].some((name) => existsSync(join(folder, name)))) return
  throw new UsageError(
    `${shown} is not installable: it has neither pyproject.toml nor setup.py`,
    'name the folder that has one of them',
  )
}

function readNamed(text: string, folders: readonly string[]): Requirement {
  try {
    const requirement = parseRequirement(text)
    const { url } = requirement
    if (url === undefined) return requirement
    // `name @ ./path` is not a URL to the standard, but people write it.
    const full = scheme.test(url) ? url : pathToFileURL(findPath(url, folders)).href
    return new Requirement({ ...requirement, url: checkedUrl(full) })
  } catch (error) {
    if (!(error instanceof InvalidRequirement)) throw error
    const isSingleEquals = /^[\w.-]+(\[[^\]]*\])?\s*=[^=]/.test(text)
    const hints = isSingleEquals ? ['two signs, ==, ask for one version'] : []
    throw new UsageError(error.message, ...hints)
  }
}

/** The name comes from the end of the URL, or from `#egg=`; it may be that only the sources know it. */
function sourceOf(address: string, markerText: string | undefined): Word {
  const [main, bracket] = splitExtras(address)
  const egg = /[#&]egg=([\w.-]+)(?:\[([\w\s,.-]*)\])?/.exec(main)
  const url = checkedUrl(withoutEgg(main))
  const listed = bracket === '' ? (egg?.[2] ?? '') : bracket.slice(1, -1)
  const extras = listed.split(',').flatMap((each) => each.trim() || [])
  const marker = markerText === undefined ? undefined : readMarker(markerText)
  const name = nameOfWheel(url) ?? egg?.[1] ?? nameOfSdist(url)
  if (name === undefined) return { source: { url, extras, marker } }
  if (tryParseName(name) === undefined) {
    throw new UsageError(`${JSON.stringify(name.slice(0, 80))} in #egg= is no name of a project`)
  }
  const specifier = new SpecifierSet([])
  return { requirement: new Requirement({ name, extras, specifier, url, marker }) }
}

function readMarker(text: string): Marker {
  try {
    return parseMarker(text)
  } catch (error) {
    if (error instanceof InvalidMarker) throw new UsageError(error.message)
    throw error
  }
}

/** Counts more than what somebody says of it. */
function nameOfWheel(url: string): string | undefined {
  return isOneFile(url) ? tryParseWheelFilename(filenameIn(url))?.rawName : undefined
}

function nameOfSdist(url: string): string | undefined {
  return isOneFile(url) ? tryParseSdistFilename(filenameIn(url))?.rawName : undefined
}

function filenameIn(url: string): string {
  return filenameOf(url.split('#')[0]!)
}

function isOneFile(url: string): boolean {
  return !/^\w+\+/.test(url) && localFolder(url) === undefined
}

/** It has said what it is for; two URLs that differ in nothing else lead to the same. */
function withoutEgg(url: string): string {
  const at = url.indexOf('#')
  if (at === -1) return url
  const kept = url
    .slice(at + 1)
    .split('&')
    .filter((part) => !part.startsWith('egg='))
  return url.slice(0, at) + (kept.length > 0 ? `#${kept.join('&')}` : '')
}

/** Throws `UsageError` for a URL that nothing can be fetched from. */
function checkedUrl(text: string): string {
  const shown = JSON.stringify(text.slice(0, 200).replace(/\/\/[^\s/@]*@/, '//****@'))
  const [, vcs] = /^(hg|svn|bzr)\+/.exec(text) ?? []
  if (vcs !== undefined) {
    throw new UsageError(
      `${shown} is in a repository of ${vcs}, and only those of git are read`,
      `check it out with ${vcs}, and install the folder`,
    )
  }
  const url = URL.parse(text.replace(/^git\+/, ''))
  if (url === null || !/^(https?|file|ssh|git):$/.test(url.protocol)) {
    const isShort = /^git\+[\w.-]+@[\w.-]+:/.test(text)
    const hints = isShort ? ['write git+ssh://USER@HOST/PATH'] : []
    throw new UsageError(`${shown} is no URL of a file, a folder or a git repository`, ...hints)
  }
  if (url.protocol !== 'file:' || text.startsWith('git+')) return text
  if (url.host !== '') throw new UsageError(`${shown} names a host; a local path has three slashes`)
  if (!existsSync(url)) throw new UsageError(`there is no ${fileURLToPath(url)}`)
  // RFC 8089: localhost is what no host is, too.
  return text.replace(/^file:(?:\/\/localhost(?=\/))?\/*/i, 'file:///')
}

/** `./demo.whl[extra]` */
function splitExtras(text: string): [path: string, extras: string] {
  const match = /^(.*?)(\[[\w\s,.-]*\])$/.exec(text)
  // Those in a fragment belong to its `egg=`.
  return match && !match[1]!.includes('#egg=') ? [match[1]!, match[2]!] : [text, '']
}

/** After a URL or path a semicolon needs a space before it, as it may be part of both. */
function splitMarker(text: string): [main: string, marker: string | undefined] {
  const at = text.search(/\s;|;\s/)
  return at === -1
    ? [text, undefined]
    : [text.slice(0, at), text.slice(at).replace(/^\s*;/, '').trim()]
}
