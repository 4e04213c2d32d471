import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Hashes, ProjectDetail, ProjectFile } from './model.ts'
import { readProjectDetail, readProjectList } from './read.ts'
import { writeProjectDetailHtml, writeProjectListHtml } from './write-html.ts'
import { writeProjectDetailJson, writeProjectListJson } from './write-json.ts'

const base = 'https://index.example/simple/demo/'
const json = 'application/vnd.pypi.simple.v1+json'
const html = 'application/vnd.pypi.simple.v1+html'
const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const full: ProjectDetail = {
  meta: { apiVersion: '1.4', lastSerial: 42 },
  name: 'demo',
  versions: ['1.0', '2.0'],
  status: { status: 'deprecated', reason: 'use <other> & "more"' },
  files: [
    {
      filename: 'demo-1.0-py3-none-any.whl',
      url: 'https://files.example/aa/demo-1.0-py3-none-any.whl',
      hashes: { sha256 },
      requiresPython: '>=3.9,<4',
      size: 1234,
      uploadTime: '2026-01-02T03:04:05.678901Z',
      yanked: 'broken "metadata" & more',
      coreMetadata: { sha256 },
      provenance: 'https://index.example/integrity/demo',
    },
    {
      filename: 'demo-2.0.tar.gz',
      url: 'https://files.example/demo-2.0.tar.gz',
      hashes: {},
      yanked: false,
    },
  ],
}

test('a page in JSON has every key of version 1.4, as the public index sends them', () => {
  assert.deepEqual(JSON.parse(writeProjectDetailJson(full)), {
    meta: { '_last-serial': 42, 'api-version': '1.4' },
    name: 'demo',
    'project-status': { status: 'deprecated', reason: 'use <other> & "more"' },
    versions: ['1.0', '2.0'],
    files: [
      {
        filename: 'demo-1.0-py3-none-any.whl',
        url: 'https://files.example/aa/demo-1.0-py3-none-any.whl',
        hashes: { sha256 },
        'requires-python': '>=3.9,<4',
        size: 1234,
        'upload-time': '2026-01-02T03:04:05.678901Z',
        yanked: 'broken "metadata" & more',
        'core-metadata': { sha256 },
        'data-dist-info-metadata': { sha256 },
        provenance: 'https://index.example/integrity/demo',
      },
      {
        filename: 'demo-2.0.tar.gz',
        url: 'https://files.example/demo-2.0.tar.gz',
        hashes: {},
        'requires-python': null,
        yanked: false,
        'core-metadata': false,
        'data-dist-info-metadata': false,
        provenance: null,
      },
    ],
  })
})

test('a page in HTML has the attributes, the status and the serial, all escaped', () => {
  assert.equal(
    writeProjectDetailHtml(full),
    `<!DOCTYPE html>
<html>
<head>
<meta name="pypi:repository-version" content="1.4">
<meta name="pypi:project-status" content="deprecated">
<meta name="pypi:project-status-reason" content="use &lt;other&gt; &amp; &quot;more&quot;">
<title>Links for demo</title>
</head>
<body>
<h1>Links for demo</h1>
<a href="https://files.example/aa/demo-1.0-py3-none-any.whl#sha256=${sha256}" data-requires-python="&gt;=3.9,&lt;4" data-yanked="broken &quot;metadata&quot; &amp; more" data-dist-info-metadata="sha256=${sha256}" data-core-metadata="sha256=${sha256}" data-provenance="https://index.example/integrity/demo">demo-1.0-py3-none-any.whl</a><br>
<a href="https://files.example/demo-2.0.tar.gz">demo-2.0.tar.gz</a><br>
</body>
</html>
<!--SERIAL 42-->
`,
  )
})

test('a page claims the version it was read with, and never a later one than is written', () => {
  const claim = (apiVersion: string) =>
    JSON.parse(writeProjectDetailJson({ ...full, meta: { apiVersion } })).meta['api-version']
  assert.deepEqual(['1.0', '1.3', '1.4', '1.9'].map(claim), ['1.0', '1.3', '1.4', '1.4'])
})

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const visible = text
  .map((value) => value.trim())
  .filter((value) => value !== '' && !/[\0\r]/.test(value))
const hashes = fc.constantFrom<Hashes>({}, { sha256 }, { sha512: 'ab'.repeat(64) })
const files: fc.Arbitrary<ProjectFile> = fc
  .record(
    {
      filename: fc.constantFrom('demo-1.0-py3-none-any.whl', 'demo-1.0.tar.gz', 'demo+x-1.0.zip'),
      url: fc.nat().map((part) => `https://files.example/${part}/`),
      hashes,
      requiresPython: visible,
      yanked: fc.oneof(fc.boolean(), visible),
      coreMetadata: fc.constantFrom<ProjectFile['coreMetadata']>(true, { sha256 }),
      provenance: fc.nat().map((part) => `https://index.example/${part}`),
      size: fc.nat(),
      uploadTime: fc.constant('2026-01-02T03:04:05Z'),
    },
    { requiredKeys: ['filename', 'url', 'hashes', 'yanked'] },
  )
  .map((file) => ({ ...file, url: file.url + encodeURIComponent(file.filename) }))
const details: fc.Arbitrary<ProjectDetail> = fc.record(
  {
    meta: fc.nat().map((lastSerial) => ({ apiVersion: '1.4', lastSerial })),
    name: fc.constantFrom('demo', 'a-b'),
    files: fc.array(files, { maxLength: 4 }),
    versions: fc.array(visible, { maxLength: 3 }),
    status: visible.map((reason) => ({ status: 'archived', reason })),
  },
  { requiredKeys: ['meta', 'name', 'files', 'status'] },
)

test('what is written as JSON is read back', () => {
  fc.assert(
    fc.property(details, (detail) => {
      const expected = detail.files.map((file) => ({ coreMetadata: false, ...file }))
      assert.deepEqual(readProjectDetail(writeProjectDetailJson(detail), json, base), {
        ...detail,
        files: expected,
      })
    }),
  )
})

test('what is written as HTML is read back, but for what HTML has no place for', () => {
  fc.assert(
    fc.property(details, ({ versions: _, ...detail }) => {
      const expected = detail.files.map(({ size: _size, uploadTime: _time, ...file }) => file)
      assert.deepEqual(readProjectDetail(writeProjectDetailHtml(detail), html, base), {
        ...detail,
        files: expected,
      })
    }),
  )
})

test('the list of projects is written and read in both forms', () => {
  const list = {
    meta: { apiVersion: '1.4', lastSerial: 9 },
    projects: [{ name: 'Demo.Pkg', lastSerial: 3 }, { name: 'x' }],
  }
  assert.deepEqual(readProjectList(writeProjectListJson(list), json, base), list)
  const page = writeProjectListHtml(list)
  assert.match(page, /<a href="demo-pkg\/">Demo\.Pkg<\/a><br>/)
  assert.deepEqual(readProjectList(page, 'text/html', base), {
    ...list,
    projects: [{ name: 'Demo.Pkg' }, { name: 'x' }],
  })
})
