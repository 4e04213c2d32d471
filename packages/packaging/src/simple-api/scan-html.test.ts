import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readProjectDetail } from './read.ts'
import { finish } from './read-html.ts'
import { type ScannedPage, scanPage } from './scan-html.ts'

const base = 'https://index.example/simple/demo/'

/** No anchor is plain with a line break in place of a space, which is the same to a tokenizer. */
const byTokens = (text: string) => finish(scanPage(text.replaceAll('<a ', '<a\n'), base))

const written = (page: ScannedPage) =>
  JSON.stringify(page, (_, value) => (value instanceof Map ? [...value] : value)).replaceAll(
    '<a\\n',
    '<a ',
  )

const pieces = fc.constantFrom(
  ...['<a href="/f/demo-1.0.whl#sha256=ab" data-requires-python="&gt;=3.9">demo-1.0.whl</a><br>\n'],
  ...['<a href="x.whl">x.whl</a><br />', '<a href="y">', '</a>', 'text & more', '<br/>', '\n  '],
  ...[
    '<a href="a&amp;b" href="second">z</a>',
    '<a href="a&ampb&notin;&#62;">z</a>',
    '<a  href="w">w</a>',
  ],
  ...[
    '<A HREF="u">u</A>',
    "<a href='v'>v</a>",
    '<a href="n" data-yanked>n</a>',
    '<a href="e">a&lt;b</a>',
  ],
  ...[
    '<!-- ',
    ' -->',
    '<script>',
    '</script>',
    '<title>',
    '</title>',
    '<h1>Links for demo</h1>',
    '<h1>',
    '<',
  ],
  ...[
    '<a href="r\r\nr">r\rr</a>',
    '<a href="0\0">0\0</a>',
    '<p title="<a href=">',
    '<base href="/b/">',
    '&gt',
  ],
  ...[
    '<meta name="pypi:project-status" content="archived">',
    '<!--SERIAL 7-->',
    `<a href="l">${'l'.repeat(1500)}</a>`,
  ],
)

test('plain anchors are those that a tokenizer finds, wherever they stand', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      assert.equal(written(finish(scanPage(text, base))), written(byTokens(text)))
    }),
    { numRuns: 3000 },
  )
})

test('a page is the same however small the steps are that it is read in', () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }),
      fc.integer({ min: 1, max: 30 }),
      (parts, piece) => {
        const text = parts.join('')
        const inPieces = finish(scanPage(text, base, { piece }))
        assert.equal(written(inPieces), written(finish(scanPage(text, base))))
      },
    ),
  )
})

test('a page of more links than any project has is refused, however they are written', () => {
  for (const anchor of ['<a>', '<A HREF=x.whl>', '<a href="x.whl">x.whl</a>']) {
    const page = readProjectDetail(anchor.repeat(100_000), 'text/html', base)
    assert.equal(page.files.length, anchor === '<a>' ? 0 : 100_000)
    const more = () => readProjectDetail(anchor.repeat(100_001), 'text/html', base)
    assert.throws(more, { code: 'malformed', message: /more than 100000 links/ })
  }
})

test('a tag of a million attributes is refused before it ends', () => {
  const attributes = Array.from({ length: 1_000_000 }, (_, at) => ` a${at}="b"`).join('')
  const read = () => readProjectDetail(`<a${attributes} href="/x.whl">x</a>`, 'text/html', base)
  assert.throws(read, { code: 'malformed', message: /more than 1000 attributes/ })
})

test('a page of plain anchors is read in time that grows with its length', () => {
  const start = performance.now()
  for (const piece of ['<a href="', '<a href="">', ' a="" ', '&', '<a href="&'])
    finish(scanPage(piece.repeat(200_000), base))
  assert.ok(performance.now() - start < 10_000)
})
