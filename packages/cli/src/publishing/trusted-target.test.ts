import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIdentity } from './identity-token.ts'
import { trustedTarget } from './trusted-target.ts'

const minute = 60_000

test('a token is minted once, and again before it runs out', async () => {
  let now = 0
  let minted = 0
  const target = trustedTarget({
    url: 'https://index.example/legacy/',
    now: () => now,
    identity: async (audience) => `identity for ${audience}`,
    client: {
      audience: async () => 'index',
      mintToken: async (_, identity) => {
        assert.equal(identity, 'identity for index')
        minted += 1
        return {
          token: `token ${minted}`,
          ...(minted === 2 && { expires: new Date(now + 6 * minute) }),
        }
      },
    },
  })
  const tokenAt = async (minutes: number) => {
    now = minutes * minute
    const { credentials } = await target()
    return (credentials as { password: string }).password
  }
  assert.equal(await tokenAt(0), 'token 1')
  assert.equal(await tokenAt(10), 'token 1')
  assert.equal(await tokenAt(11), 'token 2')
  assert.equal(await tokenAt(12), 'token 2')
  assert.equal(await tokenAt(13), 'token 3')
})

test('GitLab names its tokens after the audience', async () => {
  assert.equal(findIdentity({}), undefined)
  assert.equal(findIdentity({ GITLAB_CI: 'true' }), undefined)
  const ask = findIdentity({ GITLAB_CI: 'true', MY_INDEX_ID_TOKEN: 'jwt' })
  assert.equal(await ask?.('my-index'), 'jwt')
  await assert.rejects(async () => ask?.('other'), /has no variable OTHER_ID_TOKEN/)
})
