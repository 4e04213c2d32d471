/** The rules for members, links and limits, each broken by one lie. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CraftedMember, craftTarGz, gnu, pax } from './craft-tar.fixture.ts'
import { accepted, codesOf, refused, reported } from './rule.fixture.ts'

describe('members', () => {
  refused('are no character devices', [{ type: '3' }], 'special-file')
  refused('are no block devices', [{ type: '4' }], 'special-file')
  refused('are no pipes', [{ type: '6' }], 'special-file')
  refused('are no sparse files', [{ type: 'S' }], 'sparse-file')
  refused('are of a known type', [{ type: 'V' }], 'unknown-type')
  refused('have no absolute name', [{ name: '/etc/passwd' }], 'name-absolute')
  refused('do not go up', [{ name: '../up' }], 'name-traversal')
  refused('do not go up from within', [{ name: 'a/../../up' }], 'name-traversal')
  refused('do not go up by a pax path', [pax({ path: '../up' }), {}], 'name-traversal')
  refused('do not go up by a GNU name', [gnu('L', '../up'), {}], 'name-traversal')
  refused('do not go up by a prefix', [{ prefix: '..' }], 'name-traversal')
  refused('have no NUL in their name', [pax({ path: 'a\0b' }), {}], 'name-control-character')
  refused('have no backslash', [{ name: 'a\\b' }], 'name-backslash')
  refused('have no drive', [{ name: 'C:a' }], 'name-drive')
  refused('have a name', [{ name: '' }], 'name-empty')
  refused('have a UTF-8 name', [{ name: Buffer.of(0x61, 0xff) }], 'name-not-utf8')
  reported('are there once', [{}, {}], 'duplicate-name')
  reported('are files or folders', [{}, { name: 'a/b' }], 'file-is-directory')
  reported('differ in more than case', [{}, { name: 'A' }], 'case-collision')
})

describe('links', () => {
  const link = (linkName: string, name = 'x/y/l'): CraftedMember[] => [
    { type: '2', name, linkName },
  ]
  const hard = (linkName: string): CraftedMember[] => [{}, { type: '1', name: 'h', linkName }]
  accepted('lead down', link('z/a'), ['x/y/l'])
  accepted('lead up to the root', link('../..'), ['x/y/l'])
  accepted('lead up and down', link('../../x/z'), ['x/y/l'])
  accepted('lead to their own folder', link('.'), ['x/y/l'])
  accepted('lead to what was before, if hard', hard('./a'), ['a', 'h'])
  refused('do not lead above the root', link('../../..'), 'link-outside')
  refused('do not lead above the root and down again', link('../../../etc'), 'link-outside')
  refused(
    'do not lead up after down: the way down may be a link',
    link('z/../../..'),
    'link-outside',
  )
  refused('do not lead up after down, even within the root', link('z/../a'), 'link-outside')
  refused('do not lead to absolute places', link('/etc/passwd'), 'link-absolute')
  refused(
    'do not lead out by a pax path',
    [pax({ linkpath: '../../../up' }), ...link('a')],
    'link-outside',
  )
  refused('do not lead out by a GNU name', [gnu('K', '../../../up'), ...link('a')], 'link-outside')
  refused('have no backslash', link('..\\..'), 'name-backslash')
  refused('have no drive', link('C:/a'), 'name-drive')
  refused('do not lead out, if hard', hard('../a'), ['link-outside', 'link-target-missing'])
  refused('do not lead to absolute places, if hard', hard('/etc/passwd'), [
    'link-absolute',
    'link-target-missing',
  ])
  refused('lead somewhere, if hard', hard(''), ['name-empty', 'link-target-missing'])
  reported('lead to a file that is there, if hard', hard('b'), 'link-target-missing')
  reported(
    'do not lead to a link, if hard',
    [...link('a', 's'), { type: '1', name: 'h', linkName: 's' }],
    'link-target-missing',
  )
})

describe('limits', () => {
  const zeros: CraftedMember[] = [{ content: Buffer.alloc(2 ** 20) }]
  refused('hold for the number of members', [{}, { name: 'b' }], 'too-many-entries', { entries: 1 })
  refused('hold for global headers', [pax({}, 'g'), pax({}, 'g'), {}], 'too-many-entries', {
    entries: 1,
  })
  refused('hold for one member', [{ content: 'hello' }], 'entry-too-large', { entrySize: 4 })
  refused('hold for all together, headers included', [{ content: 'hello' }], 'too-large', {
    totalSize: 2047,
  })
  refused('hold for the ratio', zeros, 'bomb', { ratioFrom: 2 ** 19 })
  refused('hold for names', [{ name: 'abc' }], 'name-too-long', { nameLength: 2 })
  refused('hold for names of links', [{ type: '2', linkName: 'abc' }], 'name-too-long', {
    nameLength: 2,
  })
  refused('hold for zeros after the end', craftTarGz([{}], Buffer.alloc(2 ** 20)), 'bomb', {
    ratioFrom: 2 ** 19,
  })

  test('let through what just meets them', async () => {
    const limits = { entries: 2, entrySize: 5, totalSize: 2560, nameLength: 1 }
    assert.deepEqual(await codesOf(craftTarGz([{ content: 'hello' }, { name: 'b' }]), limits), [])
    assert.deepEqual(await codesOf(craftTarGz(zeros), { ratioFrom: 2 ** 21 }), [])
    assert.deepEqual(await codesOf(craftTarGz(zeros), { ratioFrom: 0, ratio: 1000 }), [])
  })
})
