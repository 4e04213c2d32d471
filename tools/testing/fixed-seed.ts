/** Gives the properties of a test file one seed, so that what lands is judged by its change and not by chance. */
import { readFileSync } from 'node:fs'

const seed = process.env.CHEESESHOP_TEST_SEED
const file = process.argv[1]
// Most files have no property, and loading the library costs each of their processes a tenth of a second.
if (seed !== undefined && file !== undefined && readFileSync(file).includes("'fast-check'")) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: Number(seed) })
}
