/** Where a project came from, as the requirement that leads there again. */

import { type DirectUrl, urlWithoutCredentials } from '@cheeseshop/packaging'

/** `name @ url`, with the commit and not the branch, and the hash of an archive; whoever reads it learns no password. */
export function directRequirement(name: string, directUrl: DirectUrl): string {
  const { vcsInfo, subdirectory, archiveInfo } = directUrl
  const url = urlWithoutCredentials(directUrl.url)
  const folder = subdirectory === undefined ? '' : `subdirectory=${subdirectory}`
  if (vcsInfo) return `${name} @ ${vcsInfo.vcs}+${url}@${vcsInfo.commitId}${folder && `#${folder}`}`
  const [hash] = Object.entries(archiveInfo?.hashes ?? {})
  const parts = [hash ? `${hash[0]}=${hash[1]}` : '', folder].filter((part) => part !== '')
  return `${name} @ ${url}${parts.length > 0 ? `#${parts.join('&')}` : ''}`
}
