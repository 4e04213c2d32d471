/** Editables in git repositories are checked out first: a link needs a folder that stays. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeFolder } from '@cheeseshop/archive'
import {
  type CacheFolder,
  checkOutForWork,
  type GitUrl,
  locateGit,
  parseGitUrl,
} from '@cheeseshop/installer'
import { Requirement } from '@cheeseshop/packaging'
import type { Inputs } from './inputs.ts'

export interface CheckoutTools {
  readonly cache: CacheFolder
  /** Where checkouts are put, each in a folder of its own. */
  readonly folder: string
}

/** Puts folders in place of URLs. Throws `BuildError`. */
export async function checkOutEditables(inputs: Inputs, tools: CheckoutTools): Promise<void> {
  const isMeant = (url: string | undefined) => url?.startsWith('git+') && inputs.editables.has(url)
  for (const [at, stated] of inputs.requirements.entries()) {
    const { requirement } = stated
    if (!isMeant(requirement.url)) continue
    const url = await checkOut(requirement.url!, requirement.name, tools)
    inputs.editables.add(url)
    inputs.requirements[at] = { ...stated, requirement: new Requirement({ ...requirement, url }) }
  }
  for (const [at, stated] of inputs.unnamed.entries()) {
    if (!isMeant(stated.source.url)) continue
    const url = await checkOut(stated.source.url, undefined, tools)
    inputs.editables.add(url)
    inputs.unnamed[at] = { ...stated, source: { ...stated.source, url } }
  }
}

async function checkOut(
  address: string,
  name: string | undefined,
  { cache, folder }: CheckoutTools,
): Promise<string> {
  const source = await locateGit(parseGitUrl(address), cache)
  const path = join(folder, name ?? folderName(source))
  makeFolder(folder)
  await checkOutForWork(source, path)
  return pathToFileURL(join(path, source.subdirectory ?? '.')).href.replace(/\/$/, '')
}

/** The end of the URL, with the folder that is meant: two projects of one repository may be at two commits. */
function folderName({ url, subdirectory = '' }: GitUrl): string {
  const last = new URL(url).pathname.replace(/\/+$/, '').split('/').at(-1)!
  const words = [last.replace(/\.git$/, ''), ...subdirectory.split('/')]
  return words.flatMap((each) => each.replace(/^\.+|[^\w.-]/g, '') || []).join('-') || 'source'
}
