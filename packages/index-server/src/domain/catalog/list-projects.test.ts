import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { addUser, publish } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { lastSerial } from '../activity/events.ts'
import { deleteProject, listProjects, projectsChangedSince, setProjectStatus } from './projects.ts'

eachDatabase((name, open) => {
  describe(`listing projects on ${name}`, () => {
    it('goes by normalized name, and leaves out what is quarantined', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const root = await addUser(domain, 'root', { isAdministrator: true })
      for (const project of ['zebra', 'Ant', 'an-t-eater', 'evil']) {
        await publish(domain, root, wheel(project, '1.0').build())
      }
      await setProjectStatus(domain, root, { project: 'evil', status: 'quarantined' })
      const listed = await Array.fromAsync(listProjects(domain))
      assert.deepEqual(
        listed.map((project) => [project.normalizedName, project.name]),
        [
          ['an-t-eater', 'an-t-eater'],
          ['ant', 'Ant'],
          ['zebra', 'zebra'],
        ],
      )
      assert.deepEqual(
        listed.map((project) => project.lastSerial).sort((a, b) => a - b),
        [5, 9, 13],
      )
    })

    it('lists more projects than one query takes', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const names = Array.from(
        { length: 10_050 },
        (_, index) => `p${String(index).padStart(5, '0')}`,
      )
      for (let first = 0; first < names.length; first += 1000) {
        const rows = names.slice(first, first + 1000).map((project) => ({
          ...{ name: project, normalized_name: project, look_alike_key: project, size: 0 },
          ...{ status: 'active' as const, status_reason: null, last_serial: 1, created_at: '' },
        }))
        await db.insertInto('projects').values(rows).execute()
      }
      const listed = await Array.fromAsync(listProjects(domain), (project) => project.name)
      assert.deepEqual(listed, names)
    })

    it('tells what changed since a serial: uploads, hidden, deleted and new again', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const root = await addUser(domain, 'root', { isAdministrator: true })
      for (const project of ['still', 'grows', 'hides', 'goes', 'comes-back']) {
        await publish(domain, root, wheel(project, '1.0').build())
      }
      const since = await lastSerial(domain)
      assert.deepEqual(await projectsChangedSince(domain, since), [])
      await publish(domain, root, wheel('Grows', '1.1').build())
      await setProjectStatus(domain, root, { project: 'hides', status: 'quarantined' })
      await deleteProject(domain, root, { project: 'goes' })
      await deleteProject(domain, root, { project: 'comes-back' })
      await publish(domain, root, wheel('Comes.Back', '2.0').build())
      const changes = await projectsChangedSince(domain, since)
      const shown = changes.map(({ normalizedName, listed }) => [normalizedName, listed?.name])
      assert.deepEqual(
        shown.sort(([a], [b]) => (a! < b! ? -1 : 1)),
        [
          ['comes-back', 'Comes.Back'],
          ['goes', undefined],
          ['grows', 'Grows'],
          ['hides', undefined],
        ],
      )
      const grows = changes.find((change) => change.normalizedName === 'grows')
      assert.ok(grows!.listed!.lastSerial > since)
    })
  })
})
