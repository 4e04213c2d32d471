/** The rules for the entries of the directory, each broken by one lie. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CraftedZip, craftZip } from './craft-zip.fixture.ts'
import { codesOf, one, refused, reported } from './rule.fixture.ts'

describe('names', () => {
  const named = (name: string | Buffer): CraftedZip => one({ name })
  const pair = (...names: string[]): CraftedZip => ({
    entries: names.map((name) =>
      name.endsWith('/') ? { name, content: '', method: 0 } : { name },
    ),
  })
  refused('are not absolute', named('/etc/passwd'), 'name-absolute')
  refused('do not go up', named('../up'), 'name-traversal')
  refused('do not go up from within', named('a/../../up'), 'name-traversal')
  refused('do not go up at their end', named('a/..'), 'name-traversal')
  refused('have no backslash', named('a\\b'), 'name-backslash')
  refused('have no drive', named('C:a'), 'name-drive')
  refused('have no NUL', named('a\0b'), 'name-control-character')
  refused('have no newline', named('a\nb'), 'name-control-character')
  refused(
    'do not turn the text around',
    one({ name: 'a\u202eyp.txt', flags: 0x0800 }),
    'name-control-character',
  )
  refused('are not empty', named(''), 'name-empty')
  refused('have no "." in them', named('./a'), 'name-not-plain')
  refused('have no empty part', named('a//b'), 'name-not-plain')
  refused('are not longer than the limit', named(`${'a/'.repeat(600)}b`), 'name-too-long')
  refused('have no part longer than file systems allow', named('a'.repeat(256)), 'name-too-long')
  refused('are not too deep', named(`${'a/'.repeat(100)}b`), 'name-too-long')
  refused('are there once', pair('a', 'a'), 'duplicate-name')
  refused('are either a file or a folder', pair('a', 'a/'), 'duplicate-name')
  refused('of files are not those of folders', pair('a/b', 'a-c', 'a'), 'file-is-directory')
  reported('are told apart by more than case', pair('A/x', 'a/x'), 'case-collision')
  reported(
    'are told apart by more than Unicode form',
    {
      entries: [
        { name: '\u00e9', flags: 0x0800 },
        { name: 'e\u0301', flags: 0x0800 },
      ],
    },
    'case-collision',
  )
  reported('are marked as UTF-8 where they are', named('ä'), 'name-encoding')
  refused('are UTF-8', named(Buffer.from([0x61, 0xff])), ['name-not-utf8', 'local-header-differs'])

  test('are allowed up to every limit', async () => {
    const deep = `${'a/'.repeat(99)}${'b'.repeat(255)}`
    assert.deepEqual(await codesOf(craftZip(named(deep))), [])
    assert.deepEqual(await codesOf(craftZip(pair('a/', 'a/b', 'a-b', 'ab', 'b/a/b'))), [])
  })
})

describe('directory entries', () => {
  const start = 42
  const noSignature = craftZip({})
  noSignature[start + 2] = 9
  const longName = craftZip({})
  longName.writeUInt16LE(6, start + 28)
  const cut = {
    entries: [],
    afterDirectory: Buffer.from('PK\x01\x02 cut off', 'latin1'),
    end: { directorySize: 12 },
  }
  refused('have their signature', noSignature, 'bad-directory')
  refused('have names that end within the directory', longName, 'bad-directory')
  refused('are whole', cut, 'bad-directory')
  reported('have no comment', one({ central: { comment: 'psst' } }), 'entry-comment')
  refused('are on this disk', one({ central: { disk: 1 } }), 'split-archive')
  reported('are no symbolic links', one({ mode: 0o120777 }), 'symlink')
  refused('are no devices', one({ mode: 0o020666 }), 'special-file')
  refused('are no pipes', one({ mode: 0o010666 }), 'special-file')
  reported('are folders by name and by mode', one({ mode: 0o040755 }), 'type-mismatch')
  refused('have no data when they are folders', one({ name: 'a/' }), 'directory-with-data')
  reported('are stored or deflated, not bzip2', one({ both: { method: 12 } }), 'unsupported-method')
  reported('are stored or deflated, not LZMA', one({ both: { method: 14 } }), 'unsupported-method')
  reported(
    'are stored or deflated, not Zstandard',
    one({ both: { method: 93 } }),
    'unsupported-method',
  )
  reported('are not encrypted', one({ flags: 0x0001 }), 'encrypted')
  reported('are not strongly encrypted', one({ flags: 0x0041 }), 'encrypted')
  reported('have no flags without a meaning', one({ flags: 0x0020 }), 'unknown-flags')
  refused('have one size when stored', one({ method: 0, both: { size: 4 } }), [
    'size-mismatch',
    'size-mismatch',
  ])
})
