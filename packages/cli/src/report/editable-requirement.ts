/** An editable project as a requirement: where its folder is a git checkout, by repository and commit. */

import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** pip's lines: a comment where there is no repository to name, then `-e` and a URL or path. */
export function editableRequirement(
  project: { readonly name: string; readonly version: string },
  url: string,
): string[] {
  const folder = fileURLToPath(url)
  const shown = `${project.name}==${project.version}`
  const path = `-e ${folder}`
  const top = git(folder, 'rev-parse', '--show-toplevel')
  const commit = git(folder, 'rev-parse', 'HEAD')
  if (!top || !commit) return [`# Editable install with no version control (${shown})`, path]
  const remote = remoteUrl(folder)
  if (remote === undefined) return [`# Editable Git install with no remote (${shown})`, path]
  const inside = relative(top, realpathSync(folder)).split(sep).join('/')
  const egg = `egg=${project.name.replaceAll('-', '_')}`
  return [`-e git+${remote}@${commit}#${egg}${inside && `&subdirectory=${inside}`}`]
}

/** Of `origin`, else of the first one, as a URL. */
function remoteUrl(folder: string): string | undefined {
  const lines = git(folder, 'config', '--get-regexp', '^remote\\..*\\.url$')?.split('\n') ?? []
  const line = lines.find((each) => each.startsWith('remote.origin.url ')) ?? lines[0]
  const remote = line?.slice(line.indexOf(' ') + 1)
  if (!remote) return undefined
  if (/^[a-z+]+:\/\//i.test(remote)) return remote.replace(/^(https?:\/\/)[^/@]*@/i, '$1')
  if (existsSync(remote)) return pathToFileURL(remote).href
  // git's short form for ssh: user@host:path
  const [, host, path] = /^([^/:]+):(.+)$/.exec(remote) ?? []
  return host && path ? `ssh://${host}/${path.replace(/^\//, '')}` : undefined
}

function git(folder: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 ? stdout.trim() : undefined
}
