/** The made index is whole: totals, references, serials, and the same rows every time. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { seedRows } from './rows.ts'
import type { Scale } from './scale.ts'
import { fillSqlite } from './sqlite-writer.ts'

process.env['CHEESESHOP_PROJECT_NAMES'] = 'no such list'
const scale: Scale = { projects: 120, files: 1500, users: 200 }

let count: (query: string) => number

const folder = await temporaryFolder()
after(() => folder[Symbol.asyncDispose]())

before(async () => {
  const path = folder.join('index.sqlite')
  await fillSqlite(path, seedRows(scale))
  const db = new DatabaseSync(path)
  count = (query) => Number(db.prepare(`select count(*) as count from ${query}`).get()!['count'])
})

test('the made index has exactly the projects, files and users it was asked for', () => {
  const found = { projects: count('projects'), files: count('files'), users: count('users') }
  assert.deepEqual(found, scale)
  assert.equal(count('file_metadata'), scale.files)
})

test('the totals are what a count finds', () => {
  const sums = 'files = (select count(*) from files) and bytes = (select sum(size) from files)'
  assert.equal(count(`totals where releases = (select count(*) from releases) and ${sums}`), 1)
})

test('no row refers to one that is not there', () => {
  assert.equal(count('pragma_foreign_key_check'), 0)
})

test('the serial of a project is its newest event', () => {
  const newest = '(select max(id) from events where project_id = projects.id)'
  assert.equal(count(`projects where last_serial is not ${newest}`), 0)
})

test('events are in the order of time', () => {
  assert.equal(count('events a join events b on b.id = a.id + 1 where b.at < a.at'), 0)
})

test('the indexes are there again after the filling', () => {
  assert.equal(count("sqlite_master where name = 'files_by_project_id'"), 1)
})

test('the same scale gives the same rows', () => {
  const digest = () => {
    const sum = createHash('sha256')
    for (const row of seedRows(scale)) sum.update(JSON.stringify(row))
    return sum.digest('hex')
  }
  assert.equal(digest(), digest())
})
