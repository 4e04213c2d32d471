import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cpuTime, sdist, wheel } from '@cheeseshop/testing'
import fc from 'fast-check'
import { addUser, publish, withBytes } from '../../../testing/catalog.ts'
import { openInMemory } from '../../../testing/migrated-database.ts'
import { readProject } from '../../../testing/read-index.ts'
import { testDomain } from '../../../testing/test-domain.ts'
import { DomainError } from '../../errors.ts'

const seeds = [
  wheel('demo', '1.0')
    .requires('x>=1; python_version < "4"')
    .entryPoints('[console_scripts]\ndemo = demo:main\n')
    .file('demo.py', 'pass')
    .build(),
  sdist('demo', '1.0').requires('x').file('src/demo.py', 'pass').build(),
]

/** Bytes of the file that are changed, and where it is cut. */
const damage = fc.record({
  seed: fc.constantFrom(...seeds),
  flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  cut: fc.option(fc.nat()),
})

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '../..', '__proto__', 'constructor', '-', '.', '1!'.repeat(99)),
  fc.constantFrom('9'.repeat(4000), 'a'.repeat(100_000), ' '.repeat(50_000), '('.repeat(20_000)),
)

async function emptyIndex() {
  const db = await openInMemory()
  const domain = testDomain(db)
  return { domain, ann: await addUser(domain, 'ann'), [Symbol.asyncDispose]: () => db.close() }
}

/** True when it was published; any other error than a refusal fails the test. */
async function isPublished(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    assert.ok(error.problems.every((problem) => problem.message !== ''))
    return false
  }
}

it('refuses damaged files in words, and leaves nothing staged', async () => {
  await using index = await emptyIndex()
  const { domain, ann } = index
  await fc.assert(
    fc.asyncProperty(damage, async ({ seed, flips, cut }) => {
      const bytes = Buffer.from(seed.bytes)
      for (const [place, value] of flips) bytes[place % bytes.length] = value
      const kept = cut === null ? bytes : bytes.subarray(0, cut % bytes.length)
      await isPublished(publish(domain, ann, withBytes(seed, kept)))
      assert.equal(domain.blobs.stagedCount, 0)
    }),
    { numRuns: 300 },
  )
})

it('refuses nonsense in any field in words, quickly', async () => {
  await using index = await emptyIndex()
  const { domain, ann } = index
  const fields = [...seeds[0]!.fields.keys(), 'requires_python', 'classifiers', 'project_urls']
  const more = ['author_email', 'license_expression', 'license_file', 'dynamic', 'import_names']
  const form = fc.record({ field: fc.constantFrom(...fields, ...more), value: nasty })
  await fc.assert(
    fc.asyncProperty(form, fc.constantFrom(...seeds), async ({ field, value }, seed) => {
      const work = () => isPublished(publish(domain, ann, seed, { fields: { [field]: value } }))
      assert.ok((await cpuTime(work)) < 2000, `${field} took too long`)
      assert.equal(domain.blobs.stagedCount, 0)
    }),
    { numRuns: 300 },
  )
})

it('refuses nonsense in the filename in words', async () => {
  await using index = await emptyIndex()
  const { domain, ann } = index
  await fc.assert(
    fc.asyncProperty(nasty, fc.constantFrom('.whl', '.tar.gz', ''), async (stem, extension) => {
      const filename = `${stem}${extension}`
      const seed = extension === '.whl' ? seeds[0]! : seeds[1]!
      assert.equal(await isPublished(publish(domain, ann, seed, { filename })), false)
    }),
    { numRuns: 100 },
  )
  assert.equal(await readProject(domain, 'demo' as never), undefined)
})
