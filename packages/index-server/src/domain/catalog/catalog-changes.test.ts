import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import { addUser, everything, publish, refusalOf } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { readFile, readProject } from '../../testing/read-index.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { lastSerial, readEvents } from '../activity/events.ts'
import { readTotals } from '../activity/totals.ts'
import type { Domain } from '../domain.ts'
import type { Identity } from '../identity.ts'
import { createToken, revokeToken } from '../trust/api-tokens.ts'
import { authenticate } from '../trust/authenticate.ts'
import { deleteFile, unyankFile, yankFile } from './files.ts'
import { deleteProject, findProject, setProjectStatus } from './projects.ts'
import { deleteRelease, unyankRelease, yankRelease } from './releases.ts'

const demo = normalizeName('demo')
const wheelName = 'demo-1.0-py3-none-any.whl'
const sdistName = 'demo-1.0.tar.gz'

eachDatabase((name, open) => {
  async function withRelease(
    work: (domain: ReturnType<typeof testDomain>, ann: Identity) => Promise<void>,
  ) {
    await using db = await open()
    const domain = testDomain(db)
    const ann = await addUser(domain, 'ann')
    await publish(domain, ann, wheel('demo', '1.0').build())
    await publish(domain, ann, sdist('demo', '1.0').build())
    await work(domain, ann)
  }

  describe(`changing the catalog on ${name}`, () => {
    it('changes nothing for a token that is revoked before its turn comes', () =>
      withRelease(async (domain, ann) => {
        const { userId } = ann
        const made = await createToken(domain, { userId, name: 't', scopes: ['manage'] })
        const identity = await authenticate(domain, { bearer: made.token })
        await revokeToken(domain, ann, made.id)
        const before = await everything(domain)
        const project = 'demo'
        const changes = [
          () => yankFile(domain, identity, { project, filename: wheelName }),
          () => deleteFile(domain, identity, { project, filename: wheelName }),
          () => yankRelease(domain, identity, { project, version: '1.0' }),
          () => deleteRelease(domain, identity, { project, version: '1.0' }),
          () => setProjectStatus(domain, identity, { project, status: 'archived' }),
          () => deleteProject(domain, identity, { project }),
        ]
        for (const change of changes) {
          assert.equal((await refusalOf(change())).code, 'not-authenticated')
        }
        assert.deepEqual(await everything(domain), before)
      }))

    it('yanks and un-yanks one file, and then not its release', () =>
      withRelease(async (domain, ann) => {
        const change = { project: 'Demo', filename: wheelName, reason: ' breaks\n3.14 ' }
        const serial = await yankFile(domain, ann, change)
        const project = await readProject(domain, demo)
        assert.equal(project?.lastSerial, serial)
        assert.equal(project?.releases[0]?.isYanked, false)
        assert.deepEqual(yanksOf(project?.files), [
          [wheelName, true, 'breaks 3.14'],
          [sdistName, false, undefined],
        ])
        assert.deepEqual(await newestEvent(domain), {
          type: 'file-yanked',
          version: '1.0',
          filename: wheelName,
          facts: { reason: 'breaks 3.14' },
        })
        const before = await everything(domain)
        assert.equal(await yankFile(domain, ann, change), serial)
        assert.deepEqual(await everything(domain), before)

        await unyankFile(domain, ann, change)
        assert.deepEqual((await newestEvent(domain)).type, 'file-unyanked')
        const after = await readProject(domain, demo)
        assert.equal(after?.files[0]?.isYanked, false)
        assert.equal(after?.files[0]?.yankedReason, undefined)
      }))

    it('yanks and un-yanks a release in any spelling of its version', () =>
      withRelease(async (domain, ann) => {
        const serial = await yankRelease(domain, ann, {
          project: 'demo',
          version: '1.0.0',
          reason: 'bad',
        })
        const project = await readProject(domain, demo)
        assert.deepEqual(
          project?.releases.map(({ isYanked, yankedReason }) => [isYanked, yankedReason]),
          [[true, 'bad']],
        )
        assert.equal(
          project?.files.every((file) => file.isYanked && file.yankedReason === 'bad'),
          true,
        )
        assert.equal(
          await yankRelease(domain, ann, { project: 'demo', version: '1.0', reason: 'bad' }),
          serial,
        )
        await yankRelease(domain, ann, { project: 'demo', version: '1.0' })
        assert.deepEqual((await newestEvent(domain)).facts, {})
        await unyankRelease(domain, ann, { project: 'demo', version: '1' })
        assert.deepEqual(await newestEvent(domain), {
          type: 'release-unyanked',
          version: '1.0',
          filename: undefined,
          facts: {},
        })
        assert.equal((await readProject(domain, demo))?.releases[0]?.isYanked, false)
      }))

    it('deletes a file for ever, and leaves its bytes to the sweep', () =>
      withRelease(async (domain, ann) => {
        const { size, hashes } = (await readFile(domain, wheelName))!
        await deleteFile(domain, ann, { project: 'demo', filename: wheelName })
        assert.deepEqual(await newestEvent(domain), {
          type: 'file-deleted',
          version: '1.0',
          filename: wheelName,
          facts: { size, sha256: hashes['sha256'] },
        })
        assert.equal(await readFile(domain, wheelName), undefined)
        const rows = await everything(domain)
        assert.deepEqual(
          rows.retired_filenames.map((row) => JSON.parse(row).filename),
          [wheelName],
        )
        assert.equal(rows.file_metadata.length, 1)
        assert.equal(rows.blobs.includes(hashes['sha256']!), true)
        const project = await findProject(domain, 'demo')
        const totals = await readTotals(domain)
        assert.equal(totals.files, 1)
        assert.equal(totals.bytes, project?.size)
        const refusal = await refusalOf(publish(domain, ann, wheel('demo', '1.0').build()))
        assert.deepEqual(
          refusal.problems.map(({ code }) => code),
          ['filename-retired'],
        )
      }))

    it('deletes a release with its files, and its version can come again under other filenames', () =>
      withRelease(async (domain, ann) => {
        const { bytes } = await readTotals(domain)
        await deleteRelease(domain, ann, { project: 'demo', version: '1.0' })
        assert.deepEqual(await newestEvent(domain), {
          type: 'release-deleted',
          version: '1.0',
          filename: undefined,
          facts: { files: 2, bytes },
        })
        const totals = await readTotals(domain)
        assert.deepEqual(totals, { projects: 1, releases: 0, files: 0, bytes: 0 })
        assert.equal((await everything(domain)).retired_filenames.length, 2)
        assert.equal((await findProject(domain, 'demo'))?.size, 0)
        await publish(domain, ann, wheel('demo', '1.0').buildTag('2').build())
      }))

    it('deletes a project; its name is free again, its filenames are not', () =>
      withRelease(async (domain, ann) => {
        const { bytes } = await readTotals(domain)
        await deleteProject(domain, ann, { project: 'demo' })
        assert.deepEqual(await newestEvent(domain), {
          type: 'project-deleted',
          version: undefined,
          filename: undefined,
          facts: { releases: 1, files: 2, bytes },
        })
        const totals = await readTotals(domain)
        assert.deepEqual(totals, { projects: 0, releases: 0, files: 0, bytes: 0 })
        const { grants, file_metadata, files, releases } = await everything(domain)
        assert.deepEqual([...grants, ...file_metadata, ...files, ...releases], [])
        const bob = await addUser(domain, 'bob')
        const refusal = await refusalOf(publish(domain, bob, wheel('demo', '1.0').build()))
        assert.deepEqual(
          refusal.problems.map(({ code }) => code),
          ['filename-retired'],
        )
        await publish(domain, bob, wheel('demo', '2.0').build())
      }))

    it('archives, deprecates and activates with a reason', () =>
      withRelease(async (domain, ann) => {
        for (const status of ['archived', 'deprecated', 'active'] as const) {
          const serial = await setProjectStatus(domain, ann, {
            project: 'demo',
            status,
            reason: 'why',
          })
          const project = await readProject(domain, demo)
          assert.equal(project?.status, status)
          assert.equal(project?.statusReason, 'why')
          assert.equal(project?.lastSerial, serial)
          assert.equal(project?.files.length, 2)
        }
        assert.deepEqual((await newestEvent(domain)).facts, {
          from: 'deprecated',
          to: 'active',
          reason: 'why',
        })
      }))

    it('hides the files of a quarantined project, their URLs too, and freezes it for its owners', () =>
      withRelease(async (domain, ann) => {
        const administrator = await addUser(domain, 'root', { isAdministrator: true })
        const file = (await readFile(domain, wheelName))!
        const status = (identity: Identity, to: 'active' | 'quarantined') =>
          setProjectStatus(domain, identity, { project: 'demo', status: to, reason: 'malware' })
        assert.equal((await refusalOf(status(ann, 'quarantined'))).code, 'not-allowed')
        await status(administrator, 'quarantined')
        const project = await readProject(domain, demo)
        assert.deepEqual(project?.files, [])
        assert.equal(project?.releases.length, 1)
        assert.equal(await readFile(domain, wheelName), undefined)
        for (const change of [
          () => yankRelease(domain, ann, { project: 'demo', version: '1.0' }),
          () => deleteProject(domain, ann, { project: 'demo' }),
          () => status(ann, 'active'),
        ]) {
          assert.equal((await refusalOf(change())).code, 'not-allowed')
        }
        await status(administrator, 'active')
        assert.equal((await readProject(domain, demo))?.files.length, 2)
        assert.deepEqual((await readFile(domain, wheelName))?.hashes, file.hashes)
      }))

    it('says what is not there', () =>
      withRelease(async (domain, ann) => {
        for (const [change, what] of [
          [() => deleteProject(domain, ann, { project: 'nothing' }), /"nothing"/],
          [() => deleteProject(domain, ann, { project: '../x' }), /"\.\.\/x"/],
          [() => deleteRelease(domain, ann, { project: 'demo', version: '9' }), /"9"/],
          [() => deleteRelease(domain, ann, { project: 'demo', version: 'x y' }), /"x y"/],
          [() => deleteFile(domain, ann, { project: 'demo', filename: 'x.whl' }), /"x\.whl"/],
        ] as const) {
          const refusal = await refusalOf(change())
          assert.equal(refusal.code, 'not-found')
          assert.match(refusal.message, what)
        }
      }))

    it('does not find the file of one project in another', () =>
      withRelease(async (domain, ann) => {
        await publish(domain, ann, wheel('other', '1.0').build())
        const change = { project: 'other', filename: wheelName }
        assert.equal((await refusalOf(deleteFile(domain, ann, change))).code, 'not-found')
      }))

    it('changes nothing while the index is read-only', () =>
      withRelease(async (domain, ann) => {
        const readOnly: Domain = { ...domain, rules: { ...domain.rules, readOnly: true } }
        const before = await everything(domain)
        for (const change of [
          () => publish(readOnly, ann, wheel('demo', '2.0').build()),
          () => yankRelease(readOnly, ann, { project: 'demo', version: '1.0' }),
          () => deleteFile(readOnly, ann, { project: 'demo', filename: wheelName }),
          () => setProjectStatus(readOnly, ann, { project: 'demo', status: 'archived' }),
        ]) {
          assert.equal((await refusalOf(change())).code, 'temporarily-off')
        }
        assert.deepEqual(await everything(domain), before)
      }))
  })
})

function yanksOf(
  files: readonly { filename: string; isYanked: boolean; yankedReason?: string }[] = [],
) {
  return files.map(({ filename, isYanked, yankedReason }) => [filename, isYanked, yankedReason])
}

async function newestEvent(domain: Domain) {
  const since = (await lastSerial(domain)) - 1
  const [event] = await readEvents(domain, { since, limit: 1 })
  const { type, version, filename, facts } = event!
  return { type, version, filename, facts }
}
