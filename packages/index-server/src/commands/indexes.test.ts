import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { loadConfig } from '../config/load-config.ts'
import { publishFile } from '../domain/catalog/files.ts'
import { findProject } from '../domain/catalog/projects.ts'
import { indexIdOf } from '../domain/indexes/find-tree.ts'
import { administratorIdentity, openDomain } from '../open-domain.ts'
import { uploadOf } from '../testing/catalog.ts'
import { commands } from './mod.ts'
import { runCommand } from './run.ts'

async function session() {
  const folder = await temporaryFolder()
  const data = folder.join('data')
  const lines: string[] = []
  const say = (line: string) => lines.push(line)
  const terminal = { out: say, error: say, environment: {} }
  /** Exit code and everything that was printed. */
  const run = async (words: string) => {
    lines.length = 0
    const code = await runCommand(
      commands,
      [...words.split(' '), '--data', data, '--upstream', 'off'],
      terminal,
    )
    return `${code}\n${lines.join('\n')}`
  }
  assert.match(await run('migrate'), /^0/)
  const config = { ...loadConfig({}), data }
  const upload = async (index: string, version: string) => {
    await using opened = await openDomain(config)
    const { domain } = opened
    const upload = await uploadOf(domain.blobs, wheel('acme-lib', version).build())
    const id = await indexIdOf(domain.db, index)
    await publishFile(domain, await administratorIdentity(domain, config), { ...upload, index: id })
  }
  return { run, upload, config, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

describe('the commands of indexes', () => {
  it('create, list, show, change and delete', async () => {
    await using test = await session()
    const { run } = test
    assert.equal(await run('index create acme/prod'), '0\ncreated the index acme/prod')
    await run('index create acme/dev --sources acme/prod --readers members')
    assert.equal(
      await run('index list'),
      [
        '0',
        'index      sources            readers   uploaders',
        'default    hosted             everyone  everyone',
        'acme/dev   hosted, acme/prod  members   members',
        'acme/prod  hosted             everyone  members',
      ].join('\n'),
    )
    await run('user create ann')
    assert.equal(await run('index member acme/dev ann reader'), '0\nann is reader of acme/dev')
    await run('claim acme/dev Acme_*')
    await run('index set-sources acme/dev acme/prod,hosted')
    await run('index set-access acme/dev --readers everyone')
    assert.equal(
      await run('index show acme/dev'),
      [
        '0',
        'index      acme/dev',
        'sources    acme/prod, hosted',
        'readers    everyone',
        'uploaders  members',
        'claims     acme-*',
        'members    admin (owner), ann (reader)',
      ].join('\n'),
    )
    assert.equal(await run('index member acme/dev ann none'), '0\nann left acme/dev')
    assert.match(await run('index delete acme/prod'), /^1\nerror: .* is read by acme\/dev/)
    assert.equal(await run('index delete acme/dev'), '0\ndeleted the index acme/dev')
  })

  it('say what is wrong, and what to do', async () => {
    await using test = await session()
    const { run } = test
    const wrong = {
      'index create simple/x': /cannot be the path of an index/,
      'index create acme/dev --sources nowhere': /"nowhere" is no source/,
      'index show acme/none': /no index "acme\/none"\n\nhint: cheeseshop index list/,
      'index set-access default': /nothing was given to set/,
      'index member default nobody reader': /There is no user "nobody"/,
      'index member default admin boss': /"boss" is not a role\n\nhint: A member is one of/,
      'index delete default': /The default index cannot be deleted/,
      'origin default flask ours': /"ours" is not an origin/,
      'origin acme/none flask': /There is no index "acme\/none"/,
      'claim default *': /cannot be claimed/,
      'promote flask 1.0': /where to\?\n\nhint: Name the index with --to/,
      'promote flask 1.0 --to default': /hosts no release "flask 1\.0"/,
    }
    for (const [words, says] of Object.entries(wrong)) {
      const said = await run(words)
      assert.match(said, /^1\n/, words)
      assert.match(said, says, words)
    }
  })

  it('show and decide origins, promote releases, and yank in the index that is named', async () => {
    await using test = await session()
    const { run } = test
    await run('index create acme/dev')
    await run('index create acme/prod')
    assert.match(
      await run('origin acme/dev acme-lib'),
      /acme-lib is unclaimed in acme\/dev: Nobody/,
    )
    await test.upload('acme/dev', '1.2')
    assert.match(await run('origin acme/dev Acme.Lib'), /is hosted in acme\/dev: It was uploaded/)
    assert.equal(
      await run('promote acme-lib 1.2 --from acme/dev --to acme/prod'),
      '0\npromoted acme-lib 1.2 from acme/dev to acme/prod\n  acme_lib-1.2-py3-none-any.whl',
    )
    assert.match(
      await run('promote acme-lib 1.2 --from acme/dev --to acme/prod'),
      /^0\nacme\/prod has all files of acme-lib 1\.2 already$/,
    )
    assert.equal(await run('origin acme/dev acme-lib both'), '0\nacme-lib is both in acme/dev')
    assert.match(await run('origin acme/dev acme-lib'), /is both .* admin decided so/)
    assert.match(await run('yank acme-lib 1.2'), /^1\nerror: There is no project "acme-lib"/)
    assert.match(await run('yank acme-lib 1.2 --index acme/prod'), /^0/)
    await using opened = await openDomain(test.config)
    const { domain } = opened
    const yanked = await domain.db.selectFrom('files').select(['index_id', 'yanked']).execute()
    const prod = await indexIdOf(domain.db, 'acme/prod')
    assert.deepEqual(
      yanked.filter((row) => row.yanked === 1).map((row) => row.index_id),
      [prod],
    )
    assert.equal((await findProject(domain, 'acme-lib', prod))?.name, 'acme-lib')
  })
})
