import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import { everything } from '../../testing/catalog.ts'
import { readProject } from '../../testing/read-index.ts'
import { basic, formOf, testIndex } from '../../testing/test-index.ts'

const good = wheel('demo', '1.0').build()

describe('an upload', () => {
  it('is on every page when it is answered', async () => {
    await using index = await testIndex()
    const response = await index.upload(good)
    assert.deepEqual([response.status, await response.text()], [200, ''])
    const project = await readProject(index.domain, normalizeName('demo'))
    assert.equal(response.headers.get('x-pypi-last-serial'), String(project?.lastSerial))
    assert.equal(project?.files[0]?.uploadedVia, 'twine/7.0')
    assert.equal(index.domain.blobs.stagedCount, 0)
    for (const path of ['/simple/demo/', '/pypi/demo/json', '/project/demo/', '/simple/']) {
      assert.match(await (await index.request(path)).text(), /demo/, path)
    }
  })

  it('is answered 200 again when nothing about it is new', async () => {
    await using index = await testIndex()
    await index.upload(good)
    const before = await everything(index.domain)
    assert.equal((await index.upload(good, await index.token())).status, 200)
    const { events: _, ...after } = await everything(index.domain)
    const { events: __, ...expected } = before
    assert.deepEqual(after, expected)
  })

  it('with other content under the same name is refused as twine expects it', async () => {
    await using index = await testIndex()
    await index.upload(good)
    const other = wheel('demo', '1.0').file('demo/new.py', '').build()
    const response = await index.upload(other)
    assert.equal(response.status, 400)
    assert.match(response.statusText, /^File already exists/)
    assert.match(await response.text(), /^File already exists/)
  })

  it('works with Basic, Bearer and Token credentials', async () => {
    await using index = await testIndex()
    const token = await index.token()
    const schemes = [basic(token), `Bearer ${token}`, `token ${token}`, basic(`${token}\n`)]
    for (const [version, authorization] of schemes.entries()) {
      const body = formOf(wheel('demo', `${version}`).build())
      const headers = { authorization }
      const response = await index.request('/legacy/', { method: 'POST', headers, body })
      assert.equal(response.status, 200, authorization.slice(0, 8))
    }
  })
})

describe('the upload URL', () => {
  it('explains itself to people', async () => {
    await using index = await testIndex({ config: { publicUrl: 'https://pypi.example/base' } })
    const text = await (await index.request('/legacy/')).text()
    assert.match(text, /twine upload --repository-url https:\/\/pypi\.example\/base\/legacy\/ /)
  })

  it('keeps the method when its slash is missing', async () => {
    await using index = await testIndex()
    const response = await index.request('/legacy', { method: 'POST' })
    assert.deepEqual([response.status, response.headers.get('location')], [308, 'legacy/'])
  })

  it('is named to those who post elsewhere', async () => {
    await using index = await testIndex()
    for (const path of ['/', '/simple/']) {
      const response = await index.request(path, { method: 'POST' })
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'])
      assert.match(await response.text(), /Uploads go to \/legacy\//)
    }
  })
})
