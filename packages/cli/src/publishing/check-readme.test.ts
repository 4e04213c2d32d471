import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMetadata } from '@cheeseshop/packaging'
import { cpuTime } from '@cheeseshop/testing'
import { checkReadme } from './check-readme.ts'

function check(description: string, type?: string): string[] {
  const head = `Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n${type ? `Description-Content-Type: ${type}\n` : ''}`
  return checkReadme(readMetadata(Buffer.from(`${head}\n${description}`)).metadata)
}

const rst = (text: string) => check(text, 'text/x-rst')

test('a README that is not said to be Markdown is told, and none at all is none', () => {
  assert.deepEqual(check(''), [])
  assert.match(check('# Demo\n\nText.')[0]!, /^the README looks like Markdown/)
  assert.deepEqual(check('Demo\n====\n\nText, as ever.\n'), [])
  assert.deepEqual(check('# :ref:`anything`\n.. toctree::\n', 'text/plain'), [])
})

test('Markdown may be anything, but its images must be on the web', () => {
  const text =
    '![a](docs/a.png) ![b](https://x.example/b.png)\n\n```\n![c](c.png)\n```\n[link](other.md)'
  assert.deepEqual(check(text, 'text/markdown; charset=UTF-8; variant=GFM'), [
    'the README shows docs/a.png, which an index does not have: write its whole URL',
  ])
})

/** Each was given to docutils 0.23 as indexes set it up, which refused it. */
const refused: [text: string, told: RegExp][] = [
  ['.. toctree::\n\n   x\n', /^line 1 .* directive "toctree"/],
  ['Text.\n\n.. raw:: html\n\n   <b>\n', /^line 3 .* directive "raw"/],
  ['.. include:: HISTORY.rst\n', /directive "include"/],
  ['.. |x| automodule:: y\n', /directive "automodule"/],
  ['see :ref:`x`\n', /^line 1 .* role "ref"/],
  ['(:py:class:`x`)\n', /role "py:class"/],
  ['Longer title\n=====\n', /^line 2 .* too short/],
]

test('faults of reStructuredText that stop docutils are told with their line', () => {
  for (const [text, told] of refused) assert.match(rst(text)[0] ?? text, told)
})

/** Each was given to docutils 0.23 as indexes set it up, which rendered it. */
const rendered = [
  'Title\n=====\n\n.. note:: Text.\n\n   More.\n',
  'Title here\n===\n\nText.\n',
  '=======\n Title\n=======\n',
  '.. code:: python\n\n   :ref:`x`\n   .. toctree::\n',
  'An example::\n\n   .. toctree::\n\n   :func:`x`\n\nText.\n',
  '.. a comment with :ref:`x`\n   .. toctree::\n\nText.\n',
  '.. role:: red\n\n:red:`text` and :sub:`2`\n',
  '.. _target: https://x.example/\n\ntarget_ and ``:ref:`x```\n',
  '.. |b| image:: https://x.example/b.png\n\n|b|\n',
  '- item\n- another\n\n----\n\nText\n',
  '======  =====\nA       B\n======  =====\nlonger  x\n======  =====\n',
]

test('what docutils renders is not found fault with', () => {
  for (const text of rendered) assert.deepEqual(rst(text), [], text)
})

test('a README that would keep a careless pattern busy for ever is done at once', async () => {
  const hostile = [
    ' '.repeat(200_000),
    ':a'.repeat(100_000),
    '![['.repeat(60_000),
    '=\n'.repeat(90_000),
  ]
  const taken = await cpuTime(() => {
    for (const text of hostile) {
      rst(text)
      check(text, 'text/markdown')
      check(text)
    }
  })
  assert.ok(taken < 2000, `${taken} ms`)
})
