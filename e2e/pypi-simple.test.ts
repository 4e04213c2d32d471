import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { publish } from './kit/publish.ts'
import { mustSucceed } from './kit/publishing.ts'
import { useSession } from './kit/session.ts'
import { yankRelease } from './kit/yank-release.ts'

const script = `
import dataclasses, hashlib, json, sys
import pypi_simple
url, accept = sys.argv[1:]
accept = getattr(pypi_simple, accept)
with pypi_simple.PyPISimple(url, accept=accept) as client:
    index = client.get_index_page()
    page = client.get_project_page("Demo")
    files = []
    for file in page.packages:
        metadata = client.get_package_metadata(file) if file.has_metadata else None
        files.append({
            "filename": file.filename, "project": file.project, "version": file.version,
            "type": file.package_type, "requires_python": file.requires_python,
            "is_yanked": file.is_yanked, "yanked_reason": file.yanked_reason,
            "sha256": file.digests.get("sha256"), "has_metadata": file.has_metadata,
            "metadata_sha256": (file.metadata_digests or {}).get("sha256"),
            "metadata_fits": metadata is None or not file.metadata_digests
                or hashlib.sha256(metadata.encode()).hexdigest() == file.metadata_digests["sha256"],
            "size": file.size, "has_upload_time": file.upload_time is not None,
        })
    print(json.dumps({
        "projects": index.projects, "index_version": index.repository_version,
        "project": page.project, "page_version": page.repository_version,
        "versions": page.versions, "has_serial": bool(page.last_serial), "files": files,
    }))
`

const pure = wheel('demo', '1.0').requiresPython('>=3.8').file('demo.py', '')
const source = sdist('demo', '1.1')

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [pure, source, wheel('Zope.Thing', '1.0')])
  await yankRelease(server, { project: 'demo', version: '1.1', reason: 'a "bad" <idea>' })
})

async function read(accept: 'ACCEPT_JSON_ONLY' | 'ACCEPT_HTML_ONLY') {
  const { server, desk } = session
  const args: [string, ...string[]] = ['python', '-c', script, server.simpleUrl, accept]
  return JSON.parse((await mustSucceed(desk.run('pypi-simple', args))).stdout)
}

test('pypi-simple reads the same facts from JSON and HTML, and they are those uploaded', async () => {
  const json = await read('ACCEPT_JSON_ONLY')
  const html = await read('ACCEPT_HTML_ONLY')
  const sha256 = (built: { fields: Map<string, string[]> }) => built.fields.get('sha256_digest')![0]
  const [wheelFile, sdistFile] = json.files
  assert.deepEqual(json.projects, html.projects)
  assert.deepEqual(
    json.projects.map((name: string) => name.toLowerCase()),
    ['demo', 'zope.thing'],
  )
  assert.equal(json.project, 'demo')
  assert.deepEqual(json.versions, ['1.0', '1.1'])
  assert.equal(json.has_serial, true)
  assert.match(json.page_version, /^1\.\d$/)
  assert.equal(html.page_version, json.page_version)
  const built = pure.build()
  assert.deepEqual(
    { ...wheelFile, metadata_sha256: undefined },
    {
      filename: 'demo-1.0-py3-none-any.whl',
      project: 'demo',
      version: '1.0',
      type: 'wheel',
      requires_python: '>=3.8',
      is_yanked: false,
      yanked_reason: null,
      sha256: sha256(built),
      has_metadata: true,
      metadata_sha256: undefined,
      metadata_fits: true,
      size: built.bytes.length,
      has_upload_time: true,
    },
  )
  assert.equal(sdistFile.is_yanked, true)
  assert.equal(sdistFile.yanked_reason, 'a "bad" <idea>')
  assert.equal(sdistFile.sha256, sha256(source.build()))

  // PEP 700 gave size and upload time to JSON alone.
  const onlyInJson = { size: null, has_upload_time: false }
  assert.deepEqual(
    html.files,
    json.files.map((file: object) => ({ ...file, ...onlyInJson })),
  )
})
