import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileTable } from '@cheeseshop/client'
import {
  type InlineMetadata,
  normalizeName,
  type ProjectFile,
  parseTag,
  parseVersion,
} from '@cheeseshop/packaging'
import { IndexProvider } from './index-provider.ts'
import { FileJudge } from './project-candidates.ts'

const demo = normalizeName('demo')
const rules = { tags: parseTag('py3-none-any'), python: parseVersion('3.11.4') }

/** The dependencies of the one version, and how often its metadata was asked for. */
async function dependenciesOf(metadata: InlineMetadata | undefined) {
  const filename = 'demo-1.0-py3-none-any.whl'
  const url = `https://x.example/${filename}`
  const plain = { filename, url, hashes: {}, yanked: false, requiresPython: '>=3.8' }
  const file: ProjectFile = metadata ? { ...plain, metadata } : plain
  let asked = 0
  const provider = new IndexProvider({
    judge: new FileJudge(rules),
    mayHold: () => true,
    installed: new Map(),
    withoutDependencies: false,
    reader: {
      page: async () => ({ table: FileTable.of(demo, [file]), index: undefined }),
      direct: () => assert.fail(),
      needs: async () => {
        asked += 1
        return { name: 'demo', version: '1.0', requiresDist: ['asked'], providesExtra: [] }
      },
    },
  })
  const { versions } = await provider.candidates(demo)
  const found = await provider.dependencies(versions[0]!)
  assert.ok(!('unavailable' in found))
  const { requires, providesExtra, requiresPython } = found
  const shown = [requires.map(String), providesExtra, requiresPython?.toString()]
  return { shown, asked }
}

test('metadata that came with the page is not asked for', async () => {
  const inline = { requiresDist: ['b>=2', "c; extra == 'x-y'"], providesExtra: ['X_Y'] }
  const { shown, asked } = await dependenciesOf(inline)
  assert.deepEqual(shown, [['b>=2', 'c; extra == "x-y"'], ['x-y'], '>=3.8'])
  assert.equal(asked, 0)
  assert.deepEqual(await dependenciesOf(undefined), { shown: [['asked'], [], undefined], asked: 1 })
})
