import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  negotiateProjectPage,
  resolverAcceptHeader,
  resolverPageContentType,
  simpleAcceptHeader,
} from './content-types.ts'
import type { ProjectDetail, ProjectFile } from './model.ts'
import { readProjectDetail } from './read.ts'
import { writeResolverPage } from './resolver-page.ts'
import { writeProjectDetailJson } from './write-json.ts'

const base = 'https://index.example/simple/demo/'
const digest = (letter: string) => letter.repeat(64)
const metadata = { requiresDist: ['b>=2', "c; extra == 'x'"], providesExtra: ['x'] }

function file(filename: string, more: Partial<ProjectFile> = {}): ProjectFile {
  return {
    filename,
    url: `https://index.example/packages/${filename}`,
    hashes: { sha256: digest('a') },
    yanked: false,
    size: 3,
    coreMetadata: { sha256: digest('b') },
    ...more,
  }
}

function detail(files: readonly ProjectFile[]): ProjectDetail {
  const meta = { apiVersion: '1.4', lastSerial: 9 }
  return { meta, name: 'demo', files, versions: ['1.0'], status: { status: 'active' } }
}

const read = (page: string) => readProjectDetail(page, resolverPageContentType, base)

test('what is written is read: metadata, twins, yanks, and everything a simple page has', () => {
  const twin = { url: `${base}twin.tar.zst`, size: 2, sha256: digest('c') }
  const page = detail([
    file('demo-1.0-py3-none-any.whl', { metadata, twin, requiresPython: '>=3.9' }),
    file('demo-1.0-py2-none-any.whl', { metadata, yanked: 'broken' }),
    file('demo-0.9-py3-none-any.whl', {
      coreMetadata: { sha256: digest('d') },
      metadata: { requiresDist: [], providesExtra: [] },
      yanked: true,
    }),
    file('demo-0.1.tar.gz', { uploadTime: '2024-01-01T00:00:00Z' }),
  ])
  const { coreMetadata: _, ...plain } = page.files[3]!
  const files = [...page.files.slice(0, 3), { ...plain, coreMetadata: false }]
  const written = writeResolverPage({ ...page, files })
  assert.deepEqual(read(written), { ...page, files: [...files.slice(0, 3), plain] })
})

test('metadata that files share is on the page once', () => {
  const many = Array.from({ length: 50 }, (_, at) =>
    file(`demo-1.0-cp3${at}-cp3${at}-any.whl`, { metadata }),
  )
  const page = writeResolverPage(detail(many))
  assert.equal(page.split('b>=2').length, 2)
  assert.deepEqual(
    new Set(read(page).files.map((each) => each.metadata?.requiresDist[0])),
    new Set(['b>=2']),
  )
})

test('a line is a file, so that whoever reads on the way may stop', () => {
  const page = writeResolverPage(detail([file('demo-2.whl', { metadata }), file('demo-1.whl')]))
  const lines = page.trimEnd().split('\n')
  assert.equal(lines.length, 4)
  assert.equal(JSON.parse(lines[1]!.replace(/,$/, '')).filename, 'demo-2.whl')
})

test('a reader that knows nothing of the additions reads the same files', () => {
  const page = detail([file('demo-1.0-py3-none-any.whl', { metadata })])
  const additions = /"_cheeseshop":"1.0"/
  const written = writeResolverPage(page)
  assert.match(written, additions)
  const unread = read(written.replace(additions, '"_other":"1.0"'))
  assert.deepEqual(
    unread,
    readProjectDetail(writeProjectDetailJson(page), 'application/json', base),
  )
})

test('additions of a later major version are left alone, of a later minor one taken', () => {
  const written = writeResolverPage(detail([file('demo-1.0-py3-none-any.whl', { metadata })]))
  const at = (version: string) =>
    read(written.replace('"_cheeseshop":"1.0"', `"_cheeseshop":${version}`)).files[0]!.metadata
  assert.deepEqual(
    [at('"1.7"'), at('"2.0"'), at('1'), at('"1"')],
    [metadata, undefined, undefined, undefined],
  )
})

test('hostile additions are not taken: no digest, no texts, a twin without one or from nowhere', () => {
  const additions: Record<string, unknown>[] = [
    { 'core-metadata': true, _metadata: { 'requires-dist': ['evil'] } },
    { 'core-metadata': { sha256: digest('1') }, _metadata: { 'requires-dist': ['a', 7] } },
    { 'core-metadata': { sha256: digest('2') }, _metadata: { 'provides-extra': 'x' } },
    { _metadata: ['__proto__'], _twin: { url: '/t', size: 1, sha256: 'abc' } },
    { _twin: { url: 'http://[', size: 1, sha256: digest('3') } },
    { _twin: { url: '/t', size: -1, sha256: digest('3') } },
  ]
  const files = additions.map((more, at) => ({
    filename: `demo-${at}.whl`,
    url: '/f',
    hashes: {},
    ...more,
  }))
  const page = JSON.stringify({
    meta: { 'api-version': '1.4', _cheeseshop: '1.0' },
    name: 'demo',
    files,
  })
  assert.deepEqual(
    read(page).files.map((each) => [each.metadata, each.twin]),
    files.map(() => [undefined, undefined]),
  )
})

test('only who names the type is given it, and only where nothing is liked better', () => {
  const type = resolverPageContentType
  const answers: [accept: string | null, answer: string | undefined][] = [
    [resolverAcceptHeader, 'resolver'],
    [type.toUpperCase(), 'resolver'],
    [simpleAcceptHeader, 'json'],
    [null, 'legacy-html'],
    ['*/*', 'legacy-html'],
    ['application/*', 'html'],
    [`${type};q=0, */*;q=0.1`, 'legacy-html'],
    [`${type};q=0`, undefined],
    [`${type};q=0.4, application/*;q=0.5`, 'html'],
    ['application/vnd.cheeseshop.simple.v2+json', undefined],
  ]
  for (const [accept, answer] of answers) {
    assert.equal(negotiateProjectPage(accept), answer, String(accept))
  }
  assert.equal(negotiateProjectPage('text/html', type.replace('+', ' ')), 'resolver')
})
