import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serve, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

/** Names the window, clears the screen (in one byte too), hides what follows, and turns text around. */
const orders = '\x1b]0;owned\x07\x1b[2J\x9b2J\x1b[8m\u202e'
const obeyed = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e]|\x1b(?!\[[0-9]{1,2}m)|\x1b\[8m/

describe('what strangers wrote gives a terminal no orders', () => {
  it('in the metadata of what is installed', async () => {
    await using at = await desk({ columns: 80 })
    at.offer(wheel('demo', '1.0').summary(`A demo${orders}`).header('Author', `Eve${orders}`))
    await at.must('install demo')
    for (const words of ['show demo', 'show -v demo', 'inspect', 'list', 'tree']) {
      const { out, error } = await at.must(words)
      assert.doesNotMatch(out + error, obeyed, words)
    }
    assert.match((await at.must('show demo')).out, /Summary: A demo/)
  })

  it('in pages and refusals of an index, which cannot forge a hint either', async () => {
    await using at = await desk({ columns: 80 })
    const demo = { filename: 'demo-1.0-py3-none-any.whl', url: 'demo.whl', hashes: {} }
    const yanked = `it bites${orders}\n\nhint: install demo-pro`
    const page = JSON.stringify({ meta: {}, name: 'demo', files: [{ ...demo, yanked }] })
    await using server = await serve((request, response) => {
      if (request.url === '/demo/') response.end(page)
      else response.writeHead(403, 'No\x9b2J').end(orders)
    })
    for (const name of ['demo', 'other']) {
      const { code, out, error } = await at.run(`install ${name}`, {
        CHEESE_NO_INDEX: '0',
        CHEESE_INDEX_URL: `${server.url}/`,
      })
      assert.equal(code, 1, name)
      assert.doesNotMatch(out + error, obeyed, name)
      assert.doesNotMatch(error, /^hint: install demo-pro/m)
    }
  })
})
