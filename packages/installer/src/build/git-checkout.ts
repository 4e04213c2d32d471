/** Working copies of git repositories, for projects that are installed as links to them. */
import { existsSync, readdirSync } from 'node:fs'
import { BuildError } from './build-error.ts'
import { type GitSource, git } from './git.ts'

/**
 * Brings a commit into a folder that the user will work in: a new one, or a checkout of the same repository in which
 * nothing was changed. Throws `BuildError`.
 */
export async function checkOutForWork(source: GitSource, folder: string): Promise<void> {
  const { mirror, commit, url, displayUrl, revision } = source
  const inside = (...args: string[]) => git(['-C', folder, ...args], displayUrl)
  const isNew = !existsSync(folder) || readdirSync(folder).length === 0
  if (isNew) {
    // Complete: the cache, where the mirror is, may be emptied.
    await git(['clone', '--quiet', '--no-checkout', '--', mirror, folder], displayUrl)
    await inside('remote', 'set-url', 'origin', url)
  } else {
    await requireCleanCheckout(folder, source)
    await inside('fetch', '--quiet', '--tags', '--', mirror, '+refs/heads/*:refs/remotes/origin/*')
  }
  const isBranch = revision !== undefined && (await isRemoteBranch(folder, revision, source))
  if (isBranch) await inside('checkout', '--quiet', '-B', revision, commit)
  else await inside('checkout', '--quiet', '--detach', commit)
  if (existsSync(`${folder}/.gitmodules`)) {
    await inside('submodule', '--quiet', 'update', '--init', '--recursive')
  }
}

async function requireCleanCheckout(folder: string, { url, displayUrl }: GitSource): Promise<void> {
  const refuse = (what: string) =>
    new BuildError('git', `${folder} is in the way of ${displayUrl}: ${what}.`, {
      hint: 'Move it away, or name another folder with --src.',
    })
  if (!existsSync(`${folder}/.git`)) throw refuse('it is no git repository')
  const ask = async (...args: string[]) => (await git(['-C', folder, ...args], displayUrl)).trim()
  if ((await ask('remote', 'get-url', 'origin')) !== url) throw refuse('it comes from elsewhere')
  const changed = await ask('status', '--porcelain', '--untracked-files=no')
  if (changed !== '') throw refuse('files in it were changed')
  const own = await ask('rev-list', '--max-count=1', 'HEAD', '--not', '--remotes', '--tags')
  if (own !== '') throw refuse('it has commits of its own')
}

async function isRemoteBranch(
  folder: string,
  revision: string,
  { displayUrl }: GitSource,
): Promise<boolean> {
  const args = ['for-each-ref', '--format=%(refname)', `refs/remotes/origin/${revision}`]
  const found = await git(['-C', folder, ...args], displayUrl)
  return found.split('\n').includes(`refs/remotes/origin/${revision}`)
}
