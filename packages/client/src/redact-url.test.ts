import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { redactText, redactUrl } from './redact-url.ts'

test('passwords, lone users and signatures are masked, the rest stays', () => {
  assert.equal(redactUrl('https://me:secret@h.example/a?b=1#c'), 'https://me:****@h.example/a?b=1')
  assert.equal(redactUrl('https://token@h.example/'), 'https://****@h.example/')
  assert.equal(
    redactUrl('https://h.example/f.whl?X-Amz-Signature=abc&part=2&access_token=t'),
    'https://h.example/f.whl?X-Amz-Signature=****&part=2&access_token=****',
  )
  assert.equal(redactUrl(new URL('https://h.example/x')), 'https://h.example/x')
  assert.equal(redactText('see http://a:b@c/ and //d:e@f'), 'see http://****@c/ and //****@f')
})

test('no password survives, whatever it is made of', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9%:!$]{6,20}$/)
  fc.assert(
    fc.property(secret, (password) => {
      const text = `https://user:${password}@host.example/path`
      assert.ok(!redactUrl(text).includes(password))
    }),
  )
})
