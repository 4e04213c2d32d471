import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import { addUser, everything, problemsOf, publish, refusalOf } from '../../../testing/catalog.ts'
import { eachDatabase } from '../../../testing/each-database.ts'
import { readProject } from '../../../testing/read-index.ts'
import { testDomain } from '../../../testing/test-domain.ts'
import { readEvents } from '../../activity/events.ts'
import { readTotals } from '../../activity/totals.ts'
import { filePath } from '../project-files.ts'
import { yankRelease } from '../releases.ts'

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const demo = normalizeName('demo-pkg')

eachDatabase((name, open) => {
  describe(`publishing on ${name}`, () => {
    it('makes project, release, file, metadata, grant, events, totals and blobs at once', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      const built = wheel('Demo.Pkg', '1.0.0').requires('x>=2').requiresPython('>=3.9').build()
      const answer = await publish(domain, ann, built, { userAgent: 'twine/7.0' })

      const at = domain.clock().toISOString()
      const file = {
        id: 1,
        releaseId: 1,
        version: '1.0.0',
        filename: 'demo_pkg-1.0.0-py3-none-any.whl',
        kind: 'bdist_wheel',
        pythonTag: 'py3',
        size: built.bytes.length,
        sha256: sha256(built.bytes),
        blake2b256: answer.file.blake2b256,
        md5: createHash('md5').update(built.bytes).digest('hex'),
        requiresPython: '>=3.9',
        metadataSha256: sha256(built.metadata),
        isYanked: false,
        uploadedAt: at,
        uploadedVia: 'twine/7.0',
      }
      assert.deepEqual(answer, { status: 'published', file, serial: 5, warnings: [] })
      const { stateKey: _, files, ...project } = (await readProject(domain, demo))!
      const { sha256: digest, blake2b256, md5, ...shown } = file
      const hashes = { sha256: digest, blake2b_256: blake2b256, md5 }
      assert.deepEqual(
        files.map(({ source: _, ...each }) => each),
        [{ ...shown, hashes, hasMetadata: true, path: filePath(file) }],
      )
      assert.deepEqual(project, {
        id: 1,
        name: 'Demo.Pkg',
        normalizedName: 'demo-pkg',
        status: 'active',
        lastSerial: 5,
        origin: { origin: 'hosted', reason: 'It was uploaded to the index default first.' },
        withheld: [],
        isStale: false,
        isKeptOut: false,
        releases: [
          {
            id: 1,
            version: '1.0.0',
            canonicalVersion: '1',
            isPrerelease: false,
            isYanked: false,
            createdAt: at,
          },
        ],
      })
      const events = await readEvents(domain, { since: 1, limit: 10 })
      assert.deepEqual(
        events.map(({ type, actor, project, version, filename, facts }) => ({
          ...{ type, actor, project: project?.name, version, filename, facts },
        })),
        [
          event({ type: 'project-created', facts: {} }),
          event({ type: 'grant-added', facts: { username: 'ann', role: 'owner' } }),
          event({ type: 'release-created', version: '1.0.0', facts: {} }),
          event({
            type: 'file-published',
            version: '1.0.0',
            filename: file.filename,
            facts: {
              kind: 'bdist_wheel',
              pythonTag: 'py3',
              size: file.size,
              sha256: file.sha256,
              uploadedVia: 'twine/7.0',
            },
          }),
        ],
      )
      const totals = await readTotals(domain)
      assert.deepEqual(totals, { projects: 1, releases: 1, files: 1, bytes: file.size })
      const { blobs, grants, file_metadata } = await everything(domain)
      assert.deepEqual(blobs, [file.sha256, file.metadataSha256].sort())
      assert.deepEqual(grants, [
        JSON.stringify({ user_id: ann.userId, project_id: 1, role: 'owner', created_at: at }),
      ])
      const [row] = file_metadata.map((text) => JSON.parse(text))
      assert.equal(row.sha256, file.metadataSha256)
      assert.deepEqual(JSON.parse(row.core_metadata).requiresDist, ['x>=2'])
      assert.equal(domain.blobs.stagedCount, 0)
    })

    it('says unchanged to an identical file, and changes nothing', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      const built = wheel('demo', '1.0').build()
      const first = await publish(domain, ann, built)
      const before = await everything(domain)
      domain.clock.advance(1000)
      const second = await publish(domain, ann, built)
      assert.deepEqual(second, { ...first, status: 'unchanged' })
      assert.deepEqual(await everything(domain), before)
      assert.equal(domain.blobs.stagedCount, 0)
    })

    it('refuses an identical file from a stranger as it refuses any', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const built = wheel('demo', '1.0').build()
      await publish(domain, await addUser(domain, 'ann'), built)
      const refusal = await refusalOf(publish(domain, await addUser(domain, 'bob'), built))
      assert.equal(refusal.code, 'not-allowed')
    })

    it('puts wheels and the sdist of a version in one release, whatever its spelling', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      await publish(domain, ann, sdist('demo', '1.0').build())
      await publish(domain, ann, wheel('demo', '1.0.0').build())
      await publish(domain, ann, wheel('demo', '1.0rc1').build())
      const project = await readProject(domain, normalizeName('demo'))
      assert.deepEqual(
        project?.releases.map((release) => [release.version, release.isPrerelease]),
        [
          ['1.0rc1', true],
          ['1.0', false],
        ],
      )
      assert.deepEqual(
        project?.files.map((file) => file.filename),
        ['demo-1.0rc1-py3-none-any.whl', 'demo-1.0.0-py3-none-any.whl', 'demo-1.0.tar.gz'],
      )
    })

    it('shows the newest spelling of the name', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      await publish(domain, ann, wheel('demo-pkg', '1.0').build())
      await publish(domain, ann, wheel('Demo_Pkg', '1.1').build())
      assert.equal((await readProject(domain, demo))?.name, 'Demo_Pkg')
      assert.equal((await readTotals(domain)).projects, 1)
    })

    it('tells every problem of a refused file, and leaves nothing behind', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      const before = await everything(domain)
      const built = wheel('demo', '1.0')
        .tag('py3-none-linux_x86_64')
        .classifiers('Topic :: Cheese')
        .editRecord((record) => record.replace(/sha256=./, 'sha256=!'))
        .file('demo.py', '')
        .build()
      const refusal = await refusalOf(
        publish(domain, ann, built, { fields: { pyversion: undefined, requires_dist: 'y' } }),
      )
      assert.equal(refusal.code, 'upload-refused')
      assert.deepEqual(
        refusal.problems.map((problem) => problem.code),
        [
          'pyversion-wrong',
          'form-metadata-invalid',
          'platform-tag-unsupported',
          'record-wrong',
          'metadata-differs',
        ],
      )
      assert.deepEqual(await everything(domain), before)
      assert.equal(domain.blobs.stagedCount, 0)
    })

    it('refuses a file with hundreds of thousands of mistakes like any other', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      const fileFields = ['content', ...Array.from({ length: 200_000 }, (_, i) => `field${i}`)]
      const problems = await problemsOf(
        publish(domain, ann, wheel('demo', '1.0').build(), { fileFields }),
      )
      assert.match(problems.at(-1)!.message, /^There are \d+ more problems/)
    })

    it('refuses a filename with a NUL by its rule, also where the database takes none', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      const filename = 'demo-1.0\0-py3-none-any.whl'
      const problems = await problemsOf(
        publish(domain, ann, wheel('demo', '1.0').build(), { filename }),
      )
      assert.ok(problems.some(({ code }) => code === 'filename-unprintable'))
    })

    it('keeps a release yanked when a file joins it', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      await publish(domain, ann, wheel('demo', '1.0').build())
      await yankRelease(domain, ann, { project: 'demo', version: '1.0', reason: 'broken' })
      const { file, warnings } = await publish(domain, ann, sdist('demo', '1.0').build())
      assert.match(warnings.join(), /release is yanked/)
      assert.equal(file.isYanked, true)
      assert.equal(file.yankedReason, 'broken')
    })
  })
})

function event(facts: { type: string; facts: object; version?: string; filename?: string }) {
  return { actor: 'ann', project: 'Demo.Pkg', version: undefined, filename: undefined, ...facts }
}
