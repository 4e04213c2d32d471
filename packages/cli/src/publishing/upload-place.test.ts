import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { findUploadPlace, type PlaceWish } from './upload-place.ts'

const pypirc = `[distutils]
index-servers = one two
[one]
repository: https://one.example/legacy/
username: ada
password: 100%
[two]
repository = https://two.example/legacy/
[bare]
username = x
`

async function place(wish: Partial<PlaceWish>, file = pypirc) {
  await using home = await temporaryFolder()
  writeFileSync(home.join('.pypirc'), file)
  const nothing = {
    url: undefined,
    repository: undefined,
    username: undefined,
    password: undefined,
    token: undefined,
    configFile: undefined,
  }
  const found = findUploadPlace({
    ...nothing,
    ...wish,
    environment: { HOME: home.path, ...wish.environment },
  })
  return found
}

const user = (username: string, password: string) => ({ username, password })

test('options come before variables, and those before .pypirc', async () => {
  assert.deepEqual(await place({ repository: 'one' }), {
    url: 'https://one.example/legacy/',
    credentials: user('ada', '100%'),
  })
  assert.deepEqual(await place({ repository: 'two' }), { url: 'https://two.example/legacy/' })
  const environment = {
    TWINE_USERNAME: 'eve',
    TWINE_PASSWORD: 'p',
    CHEESE_PUBLISH_URL: 'https://three.example/',
  }
  assert.deepEqual(await place({ environment }), {
    url: 'https://three.example/',
    credentials: user('eve', 'p'),
  })
  assert.deepEqual((await place({ repository: 'one', environment })).credentials, user('eve', 'p'))
  const token = { ...environment, UV_PUBLISH_TOKEN: 't' }
  assert.deepEqual((await place({ environment: token })).credentials, user('__token__', 't'))
  assert.deepEqual(
    (await place({ token: 'mine', environment: token })).credentials,
    user('__token__', 'mine'),
  )
  // As twine has it, a password may be another's than the name.
  assert.deepEqual(
    (await place({ password: 'mine', environment: token })).credentials,
    user('eve', 'mine'),
  )
  assert.deepEqual(
    (await place({ repository: 'two', password: 'mine' })).credentials,
    user('__token__', 'mine'),
  )
})

test('a URL brings its own credentials, or finds those of its section', async () => {
  const url = 'https://u%40x:p%2F@four.example/legacy/'
  assert.deepEqual(await place({ url }), {
    url: 'https://four.example/legacy/',
    credentials: user('u@x', 'p/'),
  })
  assert.deepEqual(
    (await place({ url: 'https://one.example/legacy/' })).credentials,
    user('ada', '100%'),
  )
  assert.equal((await place({ url: 'https://one.example/other/' })).credentials, undefined)
  const bare = await place({ url: 'https://u:100%@four.example/' })
  assert.deepEqual(bare.credentials, user('u', '100%'))
})

test('one repository is enough to be meant, several are not', async () => {
  const single = '[only]\nrepository = https://only.example/\n'
  assert.equal((await place({}, single)).url, 'https://only.example/')
  await assert.rejects(place({}), { name: 'UsageError', message: 'nothing says where to publish' })
  await assert.rejects(
    place({ repository: 'bare' }),
    /has no repository "bare" with a URL; it has one, two, bare/,
  )
  await assert.rejects(place({ url: 'file:///x' }), /is no URL to publish to/)
  await assert.rejects(place({}, 'no section\n'), /cannot be understood: line 1/)
  await assert.rejects(place({ configFile: '/there/is/none' }), /cannot be read/)
})
