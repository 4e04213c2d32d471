/** Sources in git repositories: found out by commit, kept as mirrors, checked out for a build. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemReason } from '@cheeseshop/archive'
import type { CacheFolder } from '../cache/cache-folder.ts'
import { BuildError, quoted } from './build-error.ts'
import { endWithUs } from './end-with-us.ts'

export interface GitSource {
  readonly kind: 'git'
  /** Of the repository, without `git+` and fragment; may hold credentials. */
  readonly url: string
  /** The same without credentials. */
  readonly displayUrl: string
  /** What was asked for: a branch, a tag, the beginning of a commit. */
  readonly revision?: string
  readonly commit: string
  readonly subdirectory?: string
  /** The local repository that has the commit. */
  readonly mirror: string
}

export type GitUrl = Pick<GitSource, 'url' | 'displayUrl' | 'revision' | 'subdirectory'>

/** Reads `git+https://host/path.git@revision#subdirectory=x`. Throws `BuildError`. */
export function parseGitUrl(text: string): GitUrl {
  const url = text.startsWith('git+') ? URL.parse(text.slice(4)) : null
  const isKnown = url !== null && /^(https?|ssh|git|file):$/.test(url.protocol)
  if (!isKnown || isOption(url.hostname) || isOption(url.username)) {
    throw new BuildError(
      'bad-source',
      `${quoted(withoutSecrets(text))} is no URL of a git repository.`,
      {
        hint: 'Write "git+https://", "git+ssh://" or "git+file://" and, after "@", a branch, tag or commit.',
      },
    )
  }
  const subdirectory = new URLSearchParams(url.hash.slice(1)).get('subdirectory')
  url.hash = ''
  const at = url.pathname.lastIndexOf('@')
  const revision = at > 0 ? decode(url.pathname.slice(at + 1)) : undefined
  if (at > 0) url.pathname = url.pathname.slice(0, at)
  if (revision !== undefined) checkRevision(revision)
  return {
    url: url.href,
    displayUrl: displayed(url),
    ...(revision !== undefined && { revision }),
    ...(subdirectory !== null && { subdirectory }),
  }
}

/** Finds the commit that is meant, over the network unless it is spelt out and known. Throws `BuildError`. */
export async function locateGit(parsed: GitUrl, cache: CacheFolder): Promise<GitSource> {
  const name = createHash('sha256').update(parsed.displayUrl).digest('hex').slice(0, 32)
  const mirror = cache.join('git', name)
  await makeMirror(mirror, cache)
  const { revision } = parsed
  const isCommit = revision !== undefined && /^[0-9a-f]{40,64}$/.test(revision)
  const known = isCommit ? await findCommit(mirror, revision) : undefined
  const commit = known ?? (await fetchCommit(parsed, mirror))
  return { kind: 'git', ...parsed, commit, mirror }
}

/** Puts the files of the commit into a new folder, with submodules, and with tags for backends that count from them. */
export async function checkOutGit(source: GitSource, folder: string): Promise<void> {
  const { mirror, commit, url, displayUrl } = source
  await git(['clone', '--quiet', '--shared', '--no-checkout', '--', mirror, folder], displayUrl)
  const inside = (...args: string[]) => git(['-C', folder, ...args], displayUrl)
  // Submodules may be named relative to where the repository came from.
  await inside('config', 'remote.origin.url', url)
  await inside('checkout', '--quiet', '--detach', commit)
  if (existsSync(join(folder, '.gitmodules'))) {
    await inside('submodule', '--quiet', 'update', '--init', '--recursive')
  }
}

/** ssh is started with user and host as they are; git of today looks at them itself, that of yesterday did not. */
function isOption(part: string): boolean {
  return decode(part).startsWith('-')
}

/** As it stands where it is not encoded: what is no revision is refused later. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** git reads what begins with a dash as an option, and some characters as operators on revisions. */
function checkRevision(revision: string): void {
  if (/^[\w./+@-]{1,255}$/.test(revision) && !revision.startsWith('-')) return
  throw new BuildError('bad-source', `${quoted(revision)} is no branch, tag or commit of git.`)
}

async function makeMirror(mirror: string, cache: CacheFolder): Promise<void> {
  if (existsSync(mirror)) return
  const draft = cache.temporaryPath()
  await git(['init', '--quiet', '--bare', '--', draft], draft)
  cache.publish(draft, mirror)
}

async function fetchCommit({ url, displayUrl, revision }: GitUrl, mirror: string): Promise<string> {
  const fetch = (...refs: string[]) =>
    git(['-C', mirror, 'fetch', '--quiet', '--force', '--', url, ...refs], displayUrl)
  // HEAD lands in a ref of ours: the mirror's own HEAD never moves.
  await fetch('+HEAD:refs/cheese/head', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*')
  const names = revision === undefined ? ['refs/cheese/head'] : candidates(revision)
  for (const name of names) {
    const commit = await findCommit(mirror, name)
    if (commit !== undefined) return commit
  }
  // Servers hand out what no branch leads to, such as refs/pull/1/head, when asked by name.
  const ref = `refs/cheese/${createHash('sha256').update(revision!).digest('hex').slice(0, 16)}`
  await fetch(`+${revision}:${ref}`)
  const commit = await findCommit(mirror, ref)
  if (commit !== undefined) return commit
  throw new BuildError('git', `${displayUrl} has no revision ${quoted(revision!)}.`)
}

function candidates(revision: string): string[] {
  return [`refs/tags/${revision}`, `refs/heads/${revision}`, revision]
}

async function findCommit(mirror: string, name: string): Promise<string | undefined> {
  const args = [
    '-C',
    mirror,
    'rev-parse',
    '--quiet',
    '--verify',
    '--end-of-options',
    `${name}^{commit}`,
  ]
  const { code, stdout } = await runGit(args)
  return code === 0 ? stdout.trim() : undefined
}

export async function git(args: string[], about: string): Promise<string> {
  const { code, stdout, stderr } = await runGit(args)
  if (code === 0) return stdout
  const said = withoutSecrets(stderr.trim().slice(-1000))
  throw new BuildError('git', `git failed for ${about}: ${said || `status ${code}`}`, {
    hint: 'Check the URL, the revision and your access to the repository.',
  })
}

function runGit(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  // A password that git would ask for cannot be typed in here.
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_TERMINAL_PROMPT: '0' }
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete env[name]
  const child = spawn('git', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  endWithUs(child)
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] = (said[name] + text).slice(-65_536)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      const hint = 'Install git.'
      reject(
        new BuildError('git', `git cannot be started: ${systemReason(cause) ?? cause.message}`, {
          cause,
          hint,
        }),
      )
    })
    child.once('close', (code) => resolve({ code, ...said }))
  })
}

/** Over ssh the user is a part of the address; elsewhere a user alone is a token. */
function displayed(url: URL): string {
  const shown = new URL(url)
  if (shown.password !== '') shown.password = '****'
  if (shown.username !== '' && shown.protocol !== 'ssh:') shown.username = '****'
  return shown.href
}

function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^\s/@]{1,500}@/g, '//****@')
}
