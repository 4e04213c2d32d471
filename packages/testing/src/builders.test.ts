import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesSource, checkTarGz, checkZip, readTarGz, Zip } from '@cheeseshop/archive'
import { sdist } from './sdist.ts'
import { wheel } from './wheel.ts'

describe('wheel', () => {
  it('has its files, METADATA, WHEEL and a RECORD of all of them', async () => {
    const built = wheel('My.Demo', '1.0')
      .requires('x>=2', 'y')
      .requiresPython('>=3.8')
      .file('my_demo/__init__.py', 'one = 1\n')
      .licenseFile('LICENSE', 'free')
      .build()
    assert.equal(built.filename, 'my_demo-1.0-py3-none-any.whl')
    assert.deepEqual(await checkZip(bytesSource(built.bytes)), [])
    const contents = await readAll(built.bytes)
    assert.deepEqual(Object.keys(contents), [
      'my_demo/__init__.py',
      'my_demo-1.0.dist-info/licenses/LICENSE',
      'my_demo-1.0.dist-info/METADATA',
      'my_demo-1.0.dist-info/WHEEL',
      'my_demo-1.0.dist-info/RECORD',
    ])
    assert.equal(
      contents['my_demo-1.0.dist-info/METADATA'],
      'Metadata-Version: 2.4\nName: My.Demo\nVersion: 1.0\nRequires-Dist: x>=2\nRequires-Dist: y\n' +
        'Requires-Python: >=3.8\nLicense-File: LICENSE\n\n',
    )
    assert.equal(
      contents['my_demo-1.0.dist-info/RECORD']!.split('\n')[0],
      // sha256 of "one = 1\n", by Python's hashlib and base64.
      'my_demo/__init__.py,sha256=HkdhEfZSg6lFe3KYy3vLO3OhJcAqkSIkpeAK9ppkYz4,8',
    )
    assert.equal(built.fields.get('requires_dist')?.join(' '), 'x>=2 y')
    assert.equal(built.fields.get('pyversion')?.[0], 'py3')
  })

  it('can be wrong as asked', async () => {
    const built = wheel('demo', '1.0')
      .file('demo.py', '')
      .without('METADATA')
      .editRecord(() => 'nonsense')
      .named('other.whl')
      .build()
    assert.equal(built.filename, 'other.whl')
    const contents = await readAll(built.bytes)
    assert.equal(contents['demo-1.0.dist-info/METADATA'], undefined)
    assert.equal(contents['demo-1.0.dist-info/RECORD'], 'nonsense')
  })

  it('lists every tag of a compressed one in WHEEL', async () => {
    const { bytes } = wheel('demo', '1.0').tag('py2.py3-none-any').build()
    const text = (await readAll(bytes))['demo-1.0.dist-info/WHEEL']!
    assert.match(text, /Tag: py2-none-any\nTag: py3-none-any\n/)
  })
})

describe('sdist', () => {
  it('has PKG-INFO and pyproject.toml in one root folder', async () => {
    const built = sdist('My.Demo', '1.0').file('my_demo.py', '').build()
    assert.equal(built.filename, 'my_demo-1.0.tar.gz')
    assert.deepEqual(await checkTarGz(bytesSource(built.bytes)), [])
    const names: string[] = []
    for await (const member of readTarGz(bytesSource(built.bytes))) names.push(member.name)
    assert.deepEqual(names, [
      'my_demo-1.0/my_demo.py',
      'my_demo-1.0/PKG-INFO',
      'my_demo-1.0/pyproject.toml',
    ])
    assert.equal(built.fields.get('pyversion')?.[0], 'source')
  })
})

async function readAll(bytes: Uint8Array): Promise<Record<string, string>> {
  const zip = await Zip.open(bytesSource(bytes))
  const contents: Record<string, string> = {}
  for (const entry of zip.entries) {
    contents[entry.name] = Buffer.from(await zip.read(entry)).toString()
  }
  return contents
}
