import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { InstalledProjects } from './installed-projects.ts'

const cases: [metadata: string | undefined, name: string][] = [
  ['Metadata-Version: 2.1\nName: Demo.App\nVersion: 1.0\n\nName: Other\n', 'Demo.App'],
  ['Metadata-Version: 2.1\r\nNAME:  Demo_App\r\nVersion: 1.0\r\n\r\nName: Other', 'Demo_App'],
  ['Name: Demo-App\nSummary: a\n Name: b\nVersion: 1.0\n', 'Demo-App'],
  // None of two is the right one, as for whoever reads all of the metadata.
  ['Name: Demo\nName: App\nVersion: 1.0\n', 'demo-app'],
  ['Name:\nVersion: 1.0\n', 'demo-app'],
  [`License: ${'long '.repeat(4000)}\nName: Demo.App\n\nName: Other\n`, 'Demo.App'],
  [`Name: Demo.App\n\n${'Name: Other\n'.repeat(4000)}`, 'Demo.App'],
  [undefined, 'demo-app'],
]

for (const [metadata, name] of cases) {
  test(`the name is written ${name} where the metadata is ${JSON.stringify(metadata?.slice(0, 80))}`, async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'demo_app-1.0.dist-info')
    mkdirSync(path)
    if (metadata !== undefined) writeFileSync(join(path, 'METADATA'), metadata)
    const read = () => InstalledProjects.read({ sitePackages: [folder.path] }).projects[0]!
    assert.equal(read().writtenName, name)
    assert.equal(read().needs.name || read().name, name)
    const whole = read()
    assert.equal(whole.metadata.name || whole.name, name)
    assert.equal(whole.writtenName, name)
  })
}

test('a folder that is written with detours is read as it is, and gives paths without them', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'demo-1.0.dist-info')
  mkdirSync(path)
  writeFileSync(join(path, 'INSTALLER'), 'cheese\n')
  const sitePackages = [`${folder.path}/../${basename(folder.path)}/`]
  const [project] = InstalledProjects.read({ sitePackages }).projects
  assert.equal(project?.path, path)
  assert.equal(project.installer, 'cheese')
})
