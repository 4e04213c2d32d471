import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProjectFile } from './model.ts'
import { readProjectDetail, readProjectList } from './read.ts'

const base = 'https://index.example/simple/demo/'
const digest = 'ab12'.repeat(16)

function fileOf(anchor: string, page = base): ProjectFile | undefined {
  return readProjectDetail(anchor, 'text/html; charset=utf-8', page).files[0]
}

/** What registries write, and what it means. */
const oddities: [what: string, anchor: string, expected: Partial<ProjectFile>][] = [
  [
    'an anchor for those without scripts',
    '<noscript><a href="x-1.0.zip">x</a></noscript>',
    { filename: 'x-1.0.zip' },
  ],
  [
    'a relative link',
    '<a href="../../f/x-1.0.tar.gz">x-1.0.tar.gz</a>',
    { url: 'https://index.example/f/x-1.0.tar.gz' },
  ],
  [
    'capital letters',
    `<A HREF="x-1.0.zip#SHA256=${digest.toUpperCase()}">x</A>`,
    { hashes: { sha256: digest } },
  ],
  ['no quotes', '<a href=x-1.0.zip data-requires-python=>=3.8>x</a>', { filename: 'x-1.0.zip' }],
  ['space around the link', '<a href="  x-1.0.zip\n">x</a>', { url: `${base}x-1.0.zip` }],
  ['space in the link', '<a href="a b/x-1.0.zip">x</a>', { url: `${base}a%20b/x-1.0.zip` }],
  [
    'an encoded plus',
    '<a href="x-1.0%2Bcpu-py3-none-any.whl">x</a>',
    { filename: 'x-1.0+cpu-py3-none-any.whl' },
  ],
  ['a wrong escape', '<a href="x-%zz-1.0.zip">x</a>', { filename: 'x-%zz-1.0.zip' }],
  [
    'the name in the text alone',
    '<a href="download?id=7"> x-1.0.zip </a>',
    { filename: 'x-1.0.zip', url: `${base}download?id=7` },
  ],
  ['elements in the text', '<a href="/get/7"><b>x-1.0</b>.zip</a>', { filename: 'x-1.0.zip' }],
  [
    'an unknown fragment',
    '<a href="x-1.0.zip#egg=x">x</a>',
    { hashes: {}, url: `${base}x-1.0.zip#egg=x` },
  ],
  [
    'a fragment of two',
    `<a href="x-1.0.zip#egg=x&md5=${digest}">x</a>`,
    { hashes: { md5: digest }, url: `${base}x-1.0.zip#egg=x` },
  ],
  ['an empty digest', '<a href="x-1.0.zip#sha256=">x</a>', { hashes: {} }],
  ['an empty requires-python', '<a href="x-1.0.zip" data-requires-python="">x</a>', {}],
  [
    'an escaped requires-python',
    '<a href="x-1.0.zip" data-requires-python="&gt;=3.8, &lt;4">x</a>',
    { requiresPython: '>=3.8, <4' },
  ],
  ['a yank without a value', '<a href="x-1.0.zip" data-yanked>x</a>', { yanked: true }],
  ['a yank with a reason', '<a href="x-1.0.zip" data-yanked="bad">x</a>', { yanked: 'bad' }],
  [
    'metadata without a digest',
    '<a href="x-1.0.zip" data-core-metadata="true">x</a>',
    { coreMetadata: true },
  ],
  [
    'metadata that is not there',
    '<a href="x-1.0.zip" data-core-metadata="false">x</a>',
    { coreMetadata: false },
  ],
  [
    'the older metadata attribute',
    `<a href="x-1.0.zip" data-dist-info-metadata="sha256=${digest}">x</a>`,
    { coreMetadata: { sha256: digest } },
  ],
  [
    'both, of which the newer counts',
    `<a href="x-1.0.zip" data-dist-info-metadata="false" data-core-metadata="sha256=${digest}">x</a>`,
    { coreMetadata: { sha256: digest } },
  ],
  ['a signature', '<a href="x-1.0.zip" data-gpg-sig="true">x</a>', { gpgSignature: true }],
  [
    'another base',
    '<base href="https://cdn.example/d/"><base href="/no/"><a href="x-1.0.zip">x</a>',
    { url: 'https://cdn.example/d/x-1.0.zip' },
  ],
  [
    'an anchor in a comment before it',
    '<!-- <a href="no-1.0.zip">no</a> --><a href="x-1.0.zip">x</a>',
    { filename: 'x-1.0.zip' },
  ],
  [
    'an anchor in a script before it',
    '<script>"<a href=\'no-1.0.zip\'>"</script><a href="x-1.0.zip">x</a>',
    { filename: 'x-1.0.zip' },
  ],
]

test('the oddities of registries in HTML are read as they are meant', () => {
  for (const [what, anchor, expected] of oddities) {
    const file = fileOf(anchor)
    assert.ok(file, what)
    for (const [key, value] of Object.entries(expected))
      assert.deepEqual(file[key as keyof ProjectFile], value, what)
    if (what === 'an empty requires-python') assert.equal('requiresPython' in file, false)
  }
})

test('anchors that are no files are left out', () => {
  for (const anchor of [
    '<a>x-1.0.zip</a>',
    '<a href="">x-1.0.zip</a>',
    '<a href="../">Parent</a>',
    '<a href="x-1.0.zip.asc">s</a>',
    '<a href="http://[bad/x-1.0.zip">x</a>',
  ]) {
    assert.equal(fileOf(anchor), undefined, anchor)
  }
})

test('entries of JSON that are no files are left out, and wrong values of others', () => {
  const files = [
    null,
    1,
    {},
    { filename: 'x' },
    { filename: 'x', url: 'http://[' },
    { url: 'folder/' },
    {
      filename: 'y-1.0.zip',
      url: 'y',
      size: -1,
      yanked: '',
      hashes: { sha256: 1, ['__proto__']: 'abcdabcd', ok: 'abcdabcd' },
      'requires-python': 3,
      'core-metadata': 'x',
      'upload-time': 5,
    },
  ]
  const page = readProjectDetail(
    JSON.stringify({ files, versions: ['1', 2], meta: { '_last-serial': 'x' } }),
    'application/json',
    base,
  )
  assert.deepEqual(page, {
    meta: { apiVersion: '1.0' },
    name: '',
    versions: ['1'],
    files: [{ filename: 'y-1.0.zip', url: `${base}y`, hashes: { ok: 'abcdabcd' }, yanked: false }],
  })
})

test('an entry of JSON without a filename has that of its URL, as in pip', () => {
  const files = [{ url: 'a/x%2B1-1.0.zip?id=7' }, { filename: '', url: 'y-1.0.zip' }]
  const page = readProjectDetail(JSON.stringify({ files }), 'application/json', base)
  assert.deepEqual(
    page.files.map(({ filename }) => filename),
    ['x+1-1.0.zip', 'y-1.0.zip'],
  )
})

test('a status is read as an object, and as the string of the first drafts', () => {
  const read = (status: unknown) =>
    readProjectDetail(
      JSON.stringify({ files: [], 'project-status': status }),
      'application/json',
      base,
    ).status
  assert.deepEqual(read({ status: 'archived', reason: 'done' }), {
    status: 'archived',
    reason: 'done',
  })
  assert.deepEqual(read('quarantined'), { status: 'quarantined' })
  assert.deepEqual(read({ status: 'invented' }), { status: 'invented' })
  assert.equal(read(7), undefined)
})

test('later minor versions are read and later major ones refused', () => {
  const json = (version: string) =>
    JSON.stringify({ meta: { 'api-version': version }, files: [], projects: [] })
  const html = (version: string) => `<meta name="pypi:repository-version" content="${version}">`
  assert.equal(readProjectDetail(json('1.99'), 'application/json', base).meta.apiVersion, '1.99')
  assert.equal(readProjectDetail(html('1.99'), 'text/html', base).meta.apiVersion, '1.99')
  const unsupported = { name: 'InvalidSimplePage', code: 'unsupported-version' }
  assert.throws(() => readProjectDetail(json('2.0'), 'application/json', base), unsupported)
  assert.throws(() => readProjectDetail(html('2.0'), 'text/html', base), unsupported)
  assert.throws(() => readProjectList(json('2.0'), 'application/json', base), unsupported)
  assert.throws(
    () => readProjectDetail(json('1.0'), 'application/vnd.pypi.simple.v2+json', base),
    unsupported,
  )
  assert.throws(() => readProjectDetail(json('one'), 'application/json', base), {
    code: 'malformed',
  })
})

test('what is no simple page is refused, with advice', () => {
  assert.throws(() => readProjectDetail('x', 'image/png', base), {
    code: 'unsupported-content-type',
    message: /image\/png.*\/simple\//,
  })
  for (const body of ['', '[]', '{', 'null', '{"files": {}}']) {
    assert.throws(
      () => readProjectDetail(body, 'application/json', base),
      { code: 'malformed' },
      body,
    )
  }
  assert.throws(() => readProjectList('{"files": []}', 'application/json', base), {
    code: 'malformed',
  })
})

test('a list in HTML names its projects by their text, or else by their link', () => {
  const page =
    '<a href="../">../</a><a href="/simple/a/">A</a><a href="b-c/"></a><a href="d">D</a><a>E</a>'
  assert.deepEqual(
    readProjectList(page, 'text/html', 'https://index.example/simple/').projects.map(
      ({ name }) => name,
    ),
    ['A', 'b-c', 'D', 'E'],
  )
})
