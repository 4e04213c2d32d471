import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { sdist, serveFiles } from '@cheeseshop/testing'
import { withBackend } from '../kit/buildable.ts'
import { mustSucceed } from '../kit/publishing.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const session = useSession(async () => {})
const cheese = new Cheese(session)
const { filename, bytes } = withBackend(sdist('lib', '1.0').file('lib.py', '')).build()

test('an sdist that is built to learn what it requires is fetched once, whatever becomes of it', async () => {
  // An index of the plainest kind: no digests, and no headers that allow keeping anything.
  const page = `<a href="/${filename}">${filename}</a>`
  await using index = await serveFiles({ '/simple/lib/': page, [`/${filename}`]: bytes })
  const { env } = await cheese.makeEnvironment('fetching')
  // Each with a cache of its own, named from here: builds run elsewhere.
  const from = (cache: string) => ['-i', `${index.url}/simple/`, '--cache-dir', cache]
  const fetches = () => index.requests.splice(0).filter(({ path }) => path === `/${filename}`)
  await mustSucceed(cheese.run(['download', 'lib', '-d', 'saved', ...from('./one')], { env }))
  assert.equal(fetches().length, 1)
  assert.ok(existsSync(session.desk.join('saved', filename)))
  await mustSucceed(cheese.run(['wheel', 'lib', '-w', 'wheels', ...from('./two')], { env }))
  assert.equal(fetches().length, 1)
  await mustSucceed(cheese.run(['install', 'lib', ...from('./three')], { env }))
  assert.equal(fetches().length, 1)
})
