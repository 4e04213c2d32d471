import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readProjectList } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import type { Database } from '../../database/database.ts'
import { lastSerial } from '../../domain/activity/events.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

const accept = 'application/vnd.pypi.simple.v1+json'
const ask = (index: TestIndex, at: string | number) =>
  index.request(`/at/${at}/simple/`, { headers: { accept } })

async function names(index: TestIndex, at: string | number): Promise<string[]> {
  const list = readProjectList(await (await ask(index, at)).text(), accept, 'http://localhost/')
  return list.projects.map(({ name }) => name)
}

const many = Array.from({ length: 2500 }, (_, at) => `many-${String(at).padStart(4, '0')}`)

/** The log alone is enough for the past. */
async function log(db: Database, type: string, projects: readonly string[]): Promise<number> {
  const about = { type, at: '2026-01-01T00:00:00Z', actor: 'ann', project_id: 1, version: null }
  for (let at = 0; at < projects.length; at += 500) {
    const rows = projects.slice(at, at + 500)
    await db
      .insertInto('events')
      .values(rows.map((name) => ({ ...about, project_name: name, filename: null, facts: '{}' })))
      .execute()
  }
  return lastSerial({ db } as TestIndex['domain'])
}

eachDatabase((name, open) => {
  describe(`the list of names of a moment on ${name}`, () => {
    it('has what had come and not gone by then, however many that are', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const all = await log(db, 'project-created', many)
      const fewer = await log(db, 'project-deleted', many.slice(0, 1200))
      const again = await log(db, 'project-created', many.slice(0, 2))
      await log(db, 'project-deleted', many)
      assert.deepEqual(await names(index, all), many)
      assert.deepEqual(await names(index, fewer), many.slice(1200))
      assert.deepEqual(await names(index, again), [...many.slice(0, 2), ...many.slice(1200)])
    })

    it('goes with the time while the moment is still to come', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await index.upload(wheel('first', '1.0').build())
      assert.deepEqual(await names(index, 9999), ['first'])
      await index.upload(wheel('second', '1.0').build())
      assert.deepEqual(await names(index, 9999), ['first', 'second'])
    })
  })
})

describe('lists of many moments at once', () => {
  it('are made one by one, and who would wait long is asked to come again', async () => {
    await using index = await testIndex()
    const { db } = index.domain
    await log(db, 'project-created', many)
    const answers = await Promise.all(many.slice(0, 20).map((_, at) => ask(index, 2000 + at)))
    const refused = answers.filter(({ status }) => status === 503)
    assert.equal(answers.filter(({ status }) => status === 200).length, 20 - refused.length)
    assert.ok(refused.length > 0 && refused.length < 20, `${refused.length} were refused`)
    assert.ok(refused.every(({ headers }) => headers.get('retry-after') === '5'))
    assert.equal((await names(index, 2019)).length, 2019)
  })
})
