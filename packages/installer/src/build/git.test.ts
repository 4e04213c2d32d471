import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from '../cache/cache-folder.ts'
import { checkOutGit, locateGit, parseGitUrl } from './git.ts'

test('URLs of repositories are taken apart, and never show a secret', () => {
  assert.deepEqual(
    parseGitUrl('git+https://u:p@example.org/a/b.git@v1/x#subdirectory=c%2Fd&egg=b'),
    {
      url: 'https://u:p@example.org/a/b.git',
      displayUrl: 'https://****:****@example.org/a/b.git',
      revision: 'v1/x',
      subdirectory: 'c/d',
    },
  )
  assert.deepEqual(parseGitUrl('git+ssh://git@example.org/a.git'), {
    url: 'ssh://git@example.org/a.git',
    displayUrl: 'ssh://git@example.org/a.git',
  })
  for (const url of [
    'https://example.org/a',
    'git+ext::sh -c x',
    'git+ssh://u:p@',
    'git+/a',
    'git+ftp://a/b',
    'git+ssh://-oProxyCommand=touch%20x/a',
    'git+ssh://%2doProxyCommand=touch%20x/a',
    'git+ssh://-oProxyCommand=x@example.org/a',
    'git+https://%2dx@example.org/a',
  ]) {
    assert.throws(() => parseGitUrl(url), { code: 'bad-source', message: /no URL of a git/ }, url)
  }
  assert.throws(() => parseGitUrl('git+https://example.org/a@%'), { code: 'bad-source' })
  for (const revision of ['--upload-pack=x', 'a b', 'a:b', '']) {
    const url = `git+https://example.org/a@${encodeURIComponent(revision)}`
    assert.throws(() => parseGitUrl(url), {
      code: 'bad-source',
      message: /no branch, tag or commit/,
    })
  }
})

async function repository() {
  const folder = await temporaryFolder()
  const path = folder.join('repo')
  mkdirSync(path)
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', path, ...identity, ...args], { encoding: 'utf8' }).trim()
  const commit = (text: string) => {
    writeFileSync(`${path}/setup.py`, text)
    git('add', '.')
    git('commit', '--quiet', '-m', text)
    return git('rev-parse', 'HEAD')
  }
  git('init', '--quiet', '-b', 'trunk')
  return { folder, path, git, commit, url: `git+file://${path}` }
}

test('branches, tags, hidden refs, commits and their beginnings are found and checked out', async () => {
  const { folder, git, commit, url } = await repository()
  await using _ = folder
  const cache = new CacheFolder(folder.join('cache'))
  const first = commit('first')
  git('tag', 'v1')
  const second = commit('second')
  git('update-ref', 'refs/pull/7/head', first)
  const locate = async (suffix: string) =>
    (await locateGit(parseGitUrl(url + suffix), cache)).commit
  assert.equal(await locate(''), second)
  assert.equal(await locate('@trunk'), second)
  for (const name of ['v1', first, first.slice(0, 9), 'refs/pull/7/head']) {
    assert.equal(await locate(`@${name}`), first, name)
  }
  const third = commit('third')
  assert.equal(await locate('@trunk'), third)

  const source = await locateGit(parseGitUrl(`${url}@v1`), cache)
  await checkOutGit(source, folder.join('tree'))
  assert.equal(readFileSync(folder.join('tree', 'setup.py'), 'utf8'), 'first')
  const described = execFileSync('git', ['-C', folder.join('tree'), 'describe', '--tags'])
  assert.equal(described.toString().trim(), 'v1')
})

test('a commit that is known is found without asking, and what is missing is told', async () => {
  const { folder, commit, url } = await repository()
  await using _ = folder
  const cache = new CacheFolder(folder.join('cache'))
  const first = commit('first')
  await assert.rejects(locateGit(parseGitUrl(`${url}@nothing`), cache), {
    code: 'git',
    message: /git failed for file:.*nothing/,
  })
  // What was fetched for that stays.
  renameSync(folder.join('repo'), folder.join('gone'))
  assert.equal((await locateGit(parseGitUrl(`${url}@${first}`), cache)).commit, first)
  await assert.rejects(locateGit(parseGitUrl(`${url}@trunk`), cache), { code: 'git' })
})
