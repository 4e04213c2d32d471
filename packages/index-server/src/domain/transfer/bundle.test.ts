import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { type TarFile, writeTarZst } from '@cheeseshop/archive'
import { normalizeName, parseRequirement } from '@cheeseshop/packaging'
import { sdist, temporaryFolder, wheel } from '@cheeseshop/testing'
import type { Database } from '../../database/database.ts'
import { addUser, publish } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { findTree } from '../indexes/find-tree.ts'
import { readIndexProject } from '../indexes/index-project.ts'
import { defaultIndexId } from '../indexes/package-index.ts'
import { targetsOf } from '../upstream/resolving/target.ts'
import { importBundle, writeBundle } from './bundle.ts'
import { importFolder } from './import-folder.ts'

async function server(db: Database) {
  const domain = testDomain(db)
  const ann = await addUser(domain, 'ann', { isAdministrator: true })
  const filenames = async (name: string) => {
    const tree = await findTree(db, 'default')
    const project = await readIndexProject(domain, tree, normalizeName(name))
    return project?.files.map(({ filename }) => filename) ?? []
  }
  return { domain, ann, filenames }
}

const index = defaultIndexId

eachDatabase((name, open) => {
  describe(`a bundle on ${name}`, () => {
    it('holds what the requirements need on each target, and is imported elsewhere', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const { domain, ann } = await server(db)
      const requires = ["win; sys_platform == 'win32'", 'base>=1']
      await publish(
        domain,
        ann,
        wheel('app', '1.0')
          .requires(...requires)
          .build(),
      )
      for (const each of ['base', 'win', 'unwanted'])
        await publish(domain, ann, wheel(each, '1.0').build())
      await publish(domain, ann, wheel('base', '0.1').build())
      const published = domain.clock().toISOString()
      const path = folder.join('bundle.tar.zst')
      const made = await writeBundle(domain, await findTree(db, 'default'), {
        requirements: [{ requirement: parseRequirement('app'), origin: 'test' }],
        targets: targetsOf(['3.11'], ['linux-x86_64', 'windows-amd64']),
        path,
      })
      assert.equal(made.files, 3)
      await using other = await open()
      const there = await server(other)
      there.domain.clock.advance(1_000_000_000)
      const wanted = { index, path }
      const imported = await Array.fromAsync(importBundle(there.domain, there.ann, wanted))
      assert.deepEqual(
        imported.map(({ filename, outcome }) => `${outcome} ${filename}`).sort(),
        ['app', 'base', 'win'].map((each) => `published ${each}-1.0-py3-none-any.whl`),
      )
      assert.deepEqual(await there.filenames('base'), ['base-1.0-py3-none-any.whl'])
      const times = await other.selectFrom('files').select('uploaded_at').distinct().execute()
      assert.deepEqual(times, [{ uploaded_at: published }])
      const again = await Array.fromAsync(importBundle(there.domain, there.ann, wanted))
      assert.deepEqual(new Set(again.map(({ outcome }) => outcome)), new Set(['unchanged']))
      await truncate(path, (await readFile(path)).length - 40)
      await assert.rejects(Array.fromAsync(importBundle(there.domain, there.ann, wanted)), {
        code: 'invalid',
      })
    })

    it('is refused when a member leads out of it, or its list tells other bytes', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const { domain, ann, filenames } = await server(db)
      const path = folder.join('bad.tar.zst')
      const bad = async (problem: RegExp, ...files: [string, Uint8Array | string][]) => {
        const members = files.map(([name, bytes]): TarFile => {
          const chunk = Buffer.from(bytes)
          return { name, size: chunk.length, chunks: [chunk] }
        })
        await writeFile(path, writeTarZst(members, 1))
        const work = Array.fromAsync(importBundle(domain, ann, { index, path }))
        await assert.rejects(work, { code: 'invalid', message: problem })
      }
      const { filename, bytes } = wheel('demo', '1.0').build()
      await bad(/no whole bundle/, [`../${filename}`, bytes])
      await bad(/does not belong in it/, [`files/deep/${filename}`, bytes])
      await bad(/does not belong in it/, ['files/run.sh', 'x'])
      assert.deepEqual(await filenames('demo'), [])
      const list = (sha256: string) => JSON.stringify({ format: 1, files: [{ filename, sha256 }] })
      await bad(/missing or has other bytes/, ['bundle.json', list('0')])
      for (const text of ['{"format":1}', 'null', '{"format":1,"files":[null]}', '[]', '']) {
        await bad(/list of files cannot be read/, ['bundle.json', text])
      }
      await bad(/its end is missing/, [`files/${filename}`, bytes])
      const changed = wheel('demo', '1.0').file('demo.py', 'evil').build().bytes
      const right = list(createHash('sha256').update(bytes).digest('hex'))
      await bad(/other bytes than it lists/, [`files/${filename}`, changed], ['bundle.json', right])
      const extra: [string, Uint8Array] = ['files/more-1.0-py3-none-any.whl', bytes]
      await bad(/does not list more/, [`files/${filename}`, bytes], extra, ['bundle.json', right])
      // Nothing of any of them was published, also of the files that came before what was wrong.
      assert.deepEqual(await filenames('demo'), [])
    })
  })

  describe(`the import of a folder on ${name}`, () => {
    it('publishes what is sound, names what is not, and goes on where it was', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const { domain, ann, filenames } = await server(db)
      await mkdir(folder.join('deep'))
      const [one, two] = [wheel('demo', '1.0').build(), sdist('demo', '1.0').build()]
      await writeFile(folder.join(one.filename), one.bytes)
      await writeFile(folder.join('deep', two.filename), two.bytes)
      await writeFile(folder.join('broken-1.0-py3-none-any.whl'), 'nothing')
      await writeFile(folder.join('README.md'), 'not a distribution')
      await symlink('/etc/passwd', folder.join('leak-1.0.tar.gz'))
      const run = () =>
        Array.fromAsync(importFolder(domain, ann, { index, folder: folder.join('.') }))
      const outcomes = (await run()).map(({ filename, outcome }) => `${outcome} ${filename}`)
      assert.deepEqual(outcomes, [
        'refused broken-1.0-py3-none-any.whl',
        `published ${one.filename}`,
        `published ${two.filename}`,
      ])
      assert.deepEqual((await filenames('demo')).sort(), [one.filename, two.filename].sort())
      assert.deepEqual(
        (await run()).map(({ outcome }) => outcome),
        ['refused', 'unchanged', 'unchanged'],
      )
      // A dry run says the same, and keeps nothing.
      const taken = wheel('demo', '1.0').file('demo.py', 'other bytes').build()
      const fresh = wheel('fresh', '1.0').build()
      await writeFile(folder.join(taken.filename), taken.bytes)
      await writeFile(folder.join(fresh.filename), fresh.bytes)
      const dry = importFolder(domain, ann, { index, folder: folder.join('.') }, { isDryRun: true })
      const told = (await Array.fromAsync(dry)).map(({ outcome }) => outcome)
      assert.deepEqual(told, ['refused', 'refused', 'unchanged', 'wanted'])
      assert.deepEqual(await filenames('fresh'), [])
    })
  })
})
