import assert from 'node:assert/strict'
import { it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { projectUrl, rootFrom, safeUrl } from './urls.ts'

it('finds the way to the top from every page', () => {
  const cases: [path: string, root: string][] = [
    ['/', './'],
    ['/nope', './'],
    ['/project/demo/', '../../'],
    ['/project/demo/1.0/', '../../../'],
    ['/a/b', '../'],
  ]
  for (const [path, root] of cases) {
    assert.equal(rootFrom(path), root)
    assert.equal(new URL(root, `http://x${path}`).pathname, '/')
  }
  assert.equal(projectUrl('../', normalizeName('demo'), '1!2.0+x'), '../project/demo/1!2.0%2Bx/')
})

it('follows only what is safe to follow', () => {
  for (const url of ['https://a.example/x?y#z', 'HTTP://A', 'mailto:ann@example.org']) {
    assert.equal(safeUrl(url), url)
  }
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    ' https://a',
    'https://a b',
    '/x',
    'ftp://a',
    'https://',
  ]) {
    assert.equal(safeUrl(url), undefined, url)
  }
})
