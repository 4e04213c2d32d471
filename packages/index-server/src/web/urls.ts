/** Where the pages are, written relative to the page that links, so that the index works below any path of a proxy. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Call } from '../http/surface.ts'

/** From the page at this path to the top: `/project/demo/` is two levels down, so `../../`. */
export function rootFrom(path: string): string {
  return '../'.repeat(path.split('/').length - 2) || './'
}

/** To the top of the server, whatever index the page belongs to. */
export function siteRoot(call: Call): string {
  return rootFrom(new URL(call.req.url).pathname)
}

export function projectUrl(root: string, name: NormalizedName, version?: string): string {
  const project = `${root}project/${name}/`
  return version === undefined ? project : `${project}${encodeURIComponent(version)}/`
}

/** What people may safely follow; metadata can name any scheme. */
export function safeUrl(url: string): string | undefined {
  return /^(https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu.test(url) ? url : undefined
}
