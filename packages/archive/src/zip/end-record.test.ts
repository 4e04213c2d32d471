import { describe } from 'node:test'
import { craftZip } from './craft-zip.fixture.ts'
import { refused } from './rule.fixture.ts'

describe('the end of the file', () => {
  const clean = craftZip({})
  const commentedEnd = craftZip({ entries: [], comment: craftZip({ entries: [] }) })
  refused('is refused when empty', Buffer.alloc(0), 'not-a-zip')
  refused('is refused when it is no zip at all', Buffer.alloc(5000, 'text '), 'not-a-zip')
  refused('is refused when cut before the end record', clean.subarray(0, -22), 'not-a-zip')
  refused('is refused when cut in the end record', clean.subarray(0, -1), 'truncated')
  refused('is refused when cut in its comment', { end: { commentLength: 5 } }, 'truncated')
  refused('may not have bytes after it', { suffix: Buffer.from('\n') }, 'trailing-data')
  refused(
    'may not have more than a comment after it',
    { comment: Buffer.from('abc'), suffix: Buffer.from('d') },
    'trailing-data',
  )
  refused(
    'may not have a comment with an entry in it',
    { comment: clean.subarray(0, 60) },
    'two-ends',
  )
  refused("may not be there twice, one in the other's comment", commentedEnd, [
    'two-ends',
    'directory-misplaced',
  ])
  refused(
    'may not be there twice, one after the other',
    Buffer.concat([clean, clean.subarray(-22)]),
    'directory-misplaced',
  )
  refused(
    'may not follow a stub before the first entry',
    { prefix: Buffer.from('#!/bin/sh\n') },
    'prefix-data',
  )
  refused(
    'may not follow a stub that moves all offsets',
    Buffer.concat([Buffer.from('stub'), clean]),
    'directory-misplaced',
  )
  refused(
    "may not follow an empty zip's stub",
    { entries: [], prefix: Buffer.from('stub') },
    'prefix-data',
  )
  refused('may not follow another zip file', Buffer.concat([clean, clean]), 'directory-misplaced')
  refused(
    'counts the entries: one too many',
    { end: { entries: 2, entriesHere: 2 } },
    'count-mismatch',
  )
  refused(
    'counts the entries: one too few',
    { entries: [{ name: 'a' }, { name: 'b' }], end: { entries: 1, entriesHere: 1 } },
    'count-mismatch',
  )
  refused(
    'counts the entries here and in all the same',
    { end: { entriesHere: 0 } },
    'split-archive',
  )
  refused('is on the first disk', { end: { disk: 1 } }, 'split-archive')
  refused('has its directory on the first disk', { end: { directoryDisk: 1 } }, 'split-archive')
  refused(
    "gives the directory's place: a byte early",
    { end: { directoryStart: 41 } },
    'directory-misplaced',
  )
  refused(
    "gives the directory's place: a byte late",
    { end: { directoryStart: 43 } },
    'directory-misplaced',
  )
  refused(
    "gives the directory's size: a byte more",
    { end: { directorySize: 52 } },
    'directory-misplaced',
  )
  refused(
    "gives the directory's size: a byte less",
    { end: { directorySize: 50 } },
    'directory-misplaced',
  )
  refused(
    'directly follows the directory',
    { afterDirectory: Buffer.from('PK\x05\x05\0\0', 'latin1') },
    'directory-misplaced',
  )
  refused(
    'may not move the directory into the entries',
    { end: { directoryStart: 30, directorySize: 63 } },
    'bad-directory',
  )
})

describe('the ZIP64 end', () => {
  const saturated = {
    entries: 0xffff,
    entriesHere: 0xffff,
    directorySize: 0xffffffff,
    directoryStart: 0xffffffff,
  }
  const extensible = Buffer.concat([Buffer.from([0, 0, 16, 0]), Buffer.alloc(16, 'z')])
  refused(
    'is there when the end record points to it',
    { end: { directoryStart: 0xffffffff } },
    'zip64-inconsistent',
  )
  refused('has a locator', { zip64: { omit: 'locator' }, end: saturated }, 'zip64-inconsistent')
  refused(
    'needs a locator even where the end record does without',
    { zip64: { omit: 'locator' } },
    'directory-misplaced',
  )
  refused('has a record', { zip64: { omit: 'record' }, end: saturated }, 'zip64-inconsistent')
  refused(
    'is where its locator says',
    { zip64: { locatorOffset: 0 }, end: saturated },
    'zip64-inconsistent',
  )
  refused('is on one disk', { zip64: { locatorDisks: 2 }, end: saturated }, 'zip64-inconsistent')
  const noSignature = craftZip({ zip64: {}, end: saturated })
  noSignature[noSignature.indexOf('PK\x06\x06', 0, 'latin1')] = 0
  refused('has its signature', noSignature, 'zip64-inconsistent')
  const empty = { entries: [], end: { directoryStart: 0xffffffff } }
  refused('is there even when the file has no room for it', empty, 'zip64-inconsistent')
  refused(
    'has no impossible numbers',
    { zip64: { locatorOffset: 2 ** 60 }, end: saturated },
    'zip64-inconsistent',
  )
  refused(
    'has no extensible data',
    { zip64: { extensible }, end: saturated },
    'zip64-extensible-data',
  )
  refused('has no other length', { zip64: { length: 45 }, end: saturated }, 'zip64-extensible-data')
  refused(
    'agrees with the end record on the number of entries',
    { zip64: {}, end: { entries: 2 } },
    'zip64-inconsistent',
  )
  refused(
    "agrees with the end record on the directory's size",
    { zip64: {}, end: { directorySize: 50 } },
    'zip64-inconsistent',
  )
  refused(
    "agrees with the end record on the directory's place",
    { zip64: {}, end: { directoryStart: 0 } },
    'zip64-inconsistent',
  )
  refused(
    'counts the entries',
    { zip64: { entries: 2, entriesHere: 2 }, end: saturated },
    'count-mismatch',
  )
  refused(
    "gives the directory's place",
    { zip64: { directoryStart: 0 }, end: saturated },
    'directory-misplaced',
  )
  refused(
    'directly follows the directory',
    { zip64: {}, end: saturated, afterDirectory: Buffer.from('gap') },
    'directory-misplaced',
  )
})
