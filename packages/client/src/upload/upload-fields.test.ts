import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMetadata } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import { uploadFields } from './upload-fields.ts'

function builtWheel() {
  return wheel('Demo.Pkg', '1.0')
    .tag('py2.py3-none-any')
    .requires('a>=1', 'b; extra == "x"')
    .requiresPython('>=3.9')
    .summary('What it is')
    .header('Keywords', 'one,two')
    .header('Project-URL', 'Docs, https://docs.example/')
    .header('Provides-Extra', 'x')
    .header('Import-Name', 'demo')
    .description('# Demo', 'text/markdown')
    .build()
}

const fieldsOf = (built: { filename: string; metadata: string }) => {
  const { metadata } = readMetadata(new TextEncoder().encode(built.metadata))
  const hashes = { sha256: 'aa', blake2b_256: 'bb' }
  return uploadFields({
    filename: built.filename,
    metadata,
    hashes,
    attestations: [{ version: 1 }],
  })
}

test('the form of a wheel says what its metadata says', () => {
  assert.deepEqual(fieldsOf(builtWheel()), [
    [':action', 'file_upload'],
    ['protocol_version', '1'],
    ['filetype', 'bdist_wheel'],
    ['pyversion', 'py2.py3'],
    ['sha256_digest', 'aa'],
    ['blake2_256_digest', 'bb'],
    ['metadata_version', '2.4'],
    ['name', 'Demo.Pkg'],
    ['version', '1.0'],
    ['summary', 'What it is'],
    ['description', '# Demo'],
    ['description_content_type', 'text/markdown'],
    ['keywords', 'one,two'],
    ['requires_python', '>=3.9'],
    ['requires_dist', 'a>=1'],
    ['requires_dist', 'b; extra == "x"'],
    ['provides_extra', 'x'],
    ['project_urls', 'Docs, https://docs.example/'],
    ['import_names', 'demo'],
    ['attestations', '[{"version":1}]'],
  ])
})

test('the form of an sdist says that it is source', () => {
  const fields = new Map(fieldsOf(sdist('demo', '1.0').build()))
  assert.deepEqual([fields.get('filetype'), fields.get('pyversion')], ['sdist', 'source'])
  assert.equal(fields.get('requires_python'), '')
})

test('what is neither has no form', () => {
  assert.equal(fieldsOf({ ...builtWheel(), filename: 'demo.exe' }), undefined)
})
