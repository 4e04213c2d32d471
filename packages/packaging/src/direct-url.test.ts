import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDirectUrl, writeDirectUrl } from './direct-url.ts'

test('the error leads to the value that is wrong', () => {
  const wrong: [text: string, path: string, reason: RegExp][] = [
    ['{', '', /not JSON/],
    ['[]', '', /table/],
    ['{"archive_info": {}}', 'url', /missing/],
    ['{"url": 1, "archive_info": {}}', 'url', /string/],
    ['{"url": "x"}', '', /exactly one/],
    [
      '{"url": "x", "archive_info": {}, "vcs_info": {"vcs": "git", "commit_id": "x"}}',
      '',
      /exactly one/,
    ],
    ['{"url": "https://x", "dir_info": {}}', 'url', /file:/],
    ['{"url": "file:///x", "dir_info": {"editable": 1}}', 'dir_info.editable', /true or false/],
    ['{"url": "x", "vcs_info": {"vcs": "git"}}', 'vcs_info.commit_id', /missing/],
    ['{"url": "x", "archive_info": {"hashes": {"md5": 1}}}', 'archive_info.hashes.md5', /string/],
    ['{"url": "x", "archive_info": {"hash": "md5"}}', 'archive_info.hash', /algorithm=digest/],
    [
      '{"url": "x", "archive_info": {"hashes": {"md5": "a"}, "hash": "md5=b"}}',
      'archive_info.hash',
      /one of the hashes/,
    ],
  ]
  for (const [text, path, message] of wrong)
    assert.throws(() => parseDirectUrl(text), { path, message }, text)
})

test('the older form of the digest is read, and written when asked for', () => {
  const direct = parseDirectUrl('{"url": "x", "archive_info": {"hash": "sha256=ab"}}')
  assert.deepEqual(direct.archiveInfo, { hashes: { sha256: 'ab' } })
  assert.equal(JSON.parse(writeDirectUrl(direct)).archive_info.hash, undefined)
  assert.equal(
    JSON.parse(writeDirectUrl(direct, { legacyHash: true })).archive_info.hash,
    'sha256=ab',
  )
})

test('secrets do not reach the file', () => {
  const written = (url: string, safeCredentials?: string[]) =>
    JSON.parse(
      writeDirectUrl({ url, archiveInfo: {} }, { ...(safeCredentials && { safeCredentials }) }),
    ).url
  assert.equal(written('https://me:secret@example.org/x'), 'https://example.org/x')
  assert.equal(written('https://me:p@ss@example.org/x'), 'https://example.org/x')
  assert.equal(written('ssh://git@example.org/x'), 'ssh://git@example.org/x')
  assert.equal(written('ssh://git@example.org/x', []), 'ssh://example.org/x')
  const variables = 'https://$' + '{USER}:$' + '{TOKEN}@example.org/x'
  assert.equal(written(variables), variables)
})
