import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import type { Database } from '../database/database.ts'
import { sweepBlobs } from '../jobs/sweep-blobs.ts'
import { addUser, publish } from '../testing/catalog.ts'
import { openInMemory } from '../testing/migrated-database.ts'
import { readFile, readProject } from '../testing/read-index.ts'
import { testDomain } from '../testing/test-domain.ts'
import { lastSerial, readEvents } from './activity/events.ts'
import { deleteFile, yankFile } from './catalog/files.ts'
import { readInlineMetadata } from './catalog/inline-metadata.ts'
import { listProjects, projectsChangedSince } from './catalog/list-projects.ts'
import { deleteProject, setProjectStatus } from './catalog/projects.ts'
import { deleteRelease, yankRelease } from './catalog/releases.ts'
import { makeTwin, wheelsWithoutTwin } from './catalog/twins/make-twin.ts'
import { readTwins, twinMark } from './catalog/twins/wheel-twins.ts'
import { readIndexProject } from './indexes/index-project.ts'
import { readIndexTree } from './indexes/index-tree.ts'
import { listProjectsAt } from './indexes/snapshots/list-projects-at.ts'
import { readMoment } from './indexes/snapshots/moment.ts'
import { createToken, listTokens } from './trust/api-tokens.ts'
import { authenticate } from './trust/authenticate.ts'

/** Tables that stay small, and those whose first row is all that is asked for. */
const allowed = [/^SCAN totals$/, /^SCAN users$/, /^SCAN CONSTANT ROW$/]

describe('query plans on SQLite', () => {
  it('search an index or a key, and never scan a table that grows', async () => {
    await using db = await openInMemory()
    const queries = recordQueries(db)
    await everythingAnIndexDoes(db)
    assert.ok(queries.size > 50, `only ${queries.size} queries were seen`)
    const scans = [...queries].flatMap((sql) =>
      planOf(db, sql)
        .filter((step) => step.startsWith('SCAN') && !allowed.some((each) => each.test(step)))
        .map((step) => `${step}: ${sql}`),
    )
    assert.deepEqual(scans, [])
  })
})

async function everythingAnIndexDoes(db: Database): Promise<void> {
  const domain = testDomain(db)
  const ann = await addUser(domain, 'ann')
  const { token } = await createToken(domain, { userId: ann.userId, name: 't', scopes: ['upload'] })
  await authenticate(domain, { bearer: token })
  await listTokens(domain, ann.userId)
  const { file } = await publish(domain, ann, wheel('demo', '1.0').build())
  for (const version of ['1.0', '2.0', '3.0']) {
    await publish(domain, ann, sdist('demo', version).build())
  }
  const project = 'demo'
  await readProject(domain, normalizeName(project))
  await readFile(domain, file.filename)
  await makeTwin(domain, file.id)
  await readTwins(domain, [file])
  await twinMark(domain, normalizeName(project))
  await wheelsWithoutTwin(domain, 0)
  await readInlineMetadata(domain, [file])
  await Array.fromAsync(listProjects(domain))
  await projectsChangedSince(domain, 1)
  await readEvents(domain, { since: 1, limit: 5 })
  await readEvents(domain, { since: 1, limit: 5, projectId: 1 })
  await lastSerial(domain)
  const tree = (await readIndexTree(domain, ''))!
  for (const text of ['2020-01-01', '2']) {
    const at = (await readMoment(domain, text))!
    await readIndexProject(domain, tree, normalizeName(project), { at })
    await Array.fromAsync(listProjectsAt(domain, tree, at))
  }
  await yankFile(domain, ann, { project, filename: file.filename })
  await yankRelease(domain, ann, { project, version: '2.0' })
  await setProjectStatus(domain, ann, { project, status: 'deprecated' })
  await deleteFile(domain, ann, { project, filename: file.filename })
  await deleteRelease(domain, ann, { project, version: '2.0' })
  await deleteProject(domain, ann, { project })
  await sweepBlobs(domain, { olderThanMs: 0 })
}

function recordQueries(db: Database): Set<string> {
  const handle = db.engine.file!.writer
  const queries = new Set<string>()
  const query = handle.query.bind(handle)
  handle.query = (sql, parameters) => {
    queries.add(sql)
    return query(sql, parameters)
  }
  return queries
}

function planOf(db: Database, sql: string): string[] {
  if (!/^(select|insert|update|delete|with)/i.test(sql)) return []
  const plan = db.engine.file!.writer.database.prepare(`explain query plan ${sql}`)
  const parameters = Array(sql.split('?').length - 1).fill(null)
  return plan.all(...parameters).map((step) => String(step['detail']))
}
