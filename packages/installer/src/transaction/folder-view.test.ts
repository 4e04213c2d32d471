import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { FolderView } from './folder-view.ts'

test('what is below a folder that was taken away is gone, however deep and never looked at', async () => {
  await using folder = await temporaryFolder()
  mkdirSync(folder.join('share/man/man1'), { recursive: true })
  writeFileSync(folder.join('share/man/man1/tool.1'), '')
  const view = new FolderView()
  view.takeAway(folder.join('share'))
  assert.equal(view.hasFolder(folder.join('share/man/man1')), false)
  assert.equal(view.kindOf(folder.join('share/man/man1/tool.1')), undefined)
  assert.equal(new FolderView().kindOf(folder.join('share/man/man1/tool.1')), 'file')
})
