import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

test('inspect prints an environment in the format of pip', async () => {
  await using at = await desk()
  at.offer(
    wheel('Demo.App', '1.0')
      .summary('Made for a test')
      .requires('base>=1')
      .classifiers('Framework :: Trio', 'Topic :: Internet')
      .header('Keywords', 'one two')
      .header('Download-URL', 'https://demo.example/')
      .header('Supported-Platform', 'RedHat 9')
      .file('app.py', ''),
    wheel('base', '2.0').file('base.py', ''),
  )
  await at.must('install demo-app')
  const report = JSON.parse((await at.must('inspect')).out)
  assert.equal(report.environment.python_full_version, '3.12.1')
  assert.deepEqual(Object.keys(report), ['version', 'cheese_version', 'installed', 'environment'])
  assert.deepEqual(report.installed, [
    {
      metadata: { metadata_version: '2.4', name: 'base', version: '2.0' },
      metadata_location: at.locate('base-2.0.dist-info'),
      installer: 'cheese',
      requested: false,
    },
    {
      metadata: {
        metadata_version: '2.4',
        name: 'Demo.App',
        version: '1.0',
        supported_platform: ['RedHat 9'],
        summary: 'Made for a test',
        keywords: ['one', 'two'],
        download_url: 'https://demo.example/',
        classifier: ['Framework :: Trio', 'Topic :: Internet'],
        requires_dist: ['base>=1'],
      },
      metadata_location: at.locate('demo_app-1.0.dist-info'),
      installer: 'cheese',
      requested: true,
    },
  ])
})

test('inspect tells where a project came from when it was not an index', async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0').file('demo.py', ''))
  await at.must(`install ${at.folder.join('files', 'demo-1.0-py3-none-any.whl')}`)
  const [{ direct_url: url }] = JSON.parse((await at.must('inspect')).out).installed
  assert.match(url.url, /^file:\/\/~\/files\/demo-1\.0/)
  assert.match(url.archive_info.hashes.sha256, /^[0-9a-f]{64}$/)
})
