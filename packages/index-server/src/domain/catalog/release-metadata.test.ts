import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { type BuiltDistribution, sdist, wheel } from '@cheeseshop/testing'
import { addUser, publish } from '../../testing/catalog.ts'
import { eachDatabase, type OpenTestDatabase } from '../../testing/each-database.ts'
import { readProject } from '../../testing/read-index.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { openMetadata } from './files.ts'
import { findRelease, latestRelease, readReleaseMetadata } from './release-metadata.ts'
import { yankRelease } from './releases.ts'

async function catalogOf(open: OpenTestDatabase, ...files: BuiltDistribution[]) {
  const db = await open()
  const domain = testDomain(db)
  const ann = await addUser(domain, 'ann')
  for (const built of files) await publish(domain, ann, built)
  const project = async () => (await readProject(domain, normalizeName('demo')))!
  return { domain, ann, project, [Symbol.asyncDispose]: () => db.close() }
}

eachDatabase((name, open) => {
  describe(`the metadata of a release on ${name}`, () => {
    it('comes with the description, in any spelling of the version', async () => {
      const built = wheel('demo', '1.0')
        .requires('x>=2; python_version < "4"')
        .header('Project-URL', 'Home, https://example.org')
        .description('# Demo\n\nÄ', 'text/markdown')
        .build()
      await using catalog = await catalogOf(open, built)
      const read = await readReleaseMetadata(catalog.domain, await catalog.project(), '1.0.0')
      assert.equal(read?.filename, built.filename)
      assert.deepEqual(read?.metadata.requiresDist, ['x>=2; python_version < "4"'])
      assert.deepEqual(read?.metadata.projectUrls, [{ label: 'Home', url: 'https://example.org' }])
      assert.equal(read?.metadata.descriptionContentType, 'text/markdown')
      assert.equal(read?.metadata.description, '# Demo\n\nÄ')
      const file = (await catalog.project()).files[0]!
      await using blob = await openMetadata(catalog.domain, {
        ...file,
        metadataSha256: file.metadataSha256!,
      })
      const bytes = await blob.read(0, blob.size)
      assert.equal(new TextDecoder().decode(bytes), built.metadata)
    })

    it('comes from the file that speaks for the others', async () => {
      const files = [
        sdist('demo', '1.0').metadataVersion('2.1').summary('old sdist').build(),
        wheel('demo', '1.0').tag('cp312-cp312-win32').summary('one platform').build(),
        wheel('demo', '1.0').summary('every platform').build(),
        sdist('demo', '2.0').summary('static sdist').build(),
        wheel('demo', '2.0').summary('every platform').build(),
        sdist('demo', '3.0').metadataVersion('2.1').summary('old sdist').build(),
      ]
      await using catalog = await catalogOf(open, ...files)
      const summaries: (string | undefined)[] = []
      for (const version of ['1.0', '2.0', '3.0']) {
        const read = await readReleaseMetadata(catalog.domain, await catalog.project(), version)
        summaries.push(read?.metadata.summary)
      }
      assert.deepEqual(summaries, ['every platform', 'static sdist', 'old sdist'])
      const none = await readReleaseMetadata(catalog.domain, await catalog.project(), '4.0')
      assert.equal(none, undefined)
    })

    it('is first that of the newest stable release that is not yanked', async () => {
      const versions = ['1.0', '2.0', '3.0', '4.0rc1']
      await using catalog = await catalogOf(
        open,
        ...versions.map((version) => wheel('demo', version).build()),
      )
      const latest = async () => latestRelease(await catalog.project())?.version
      const yank = (version: string) =>
        yankRelease(catalog.domain, catalog.ann, { project: 'demo', version })
      assert.equal(await latest(), '3.0')
      await yank('3.0')
      assert.equal(await latest(), '2.0')
      await yank('2.0')
      await yank('1.0')
      assert.equal(await latest(), '4.0rc1')
      await yank('4.0rc1')
      assert.equal(await latest(), '3.0')
      assert.equal(findRelease(await catalog.project(), '4.0.0-rc.1')?.version, '4.0rc1')
      assert.equal(findRelease(await catalog.project(), 'nonsense'), undefined)
    })
  })
})
