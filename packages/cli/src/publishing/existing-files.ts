/** Which of the files are on the index already, by its simple pages. */
import type { Client } from '@cheeseshop/client'
import type { ProjectFile } from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'
import type { CheckedDistribution } from './check-distribution.ts'

/** Whether the very same file is there. Throws `UsageError` when the name is taken by other content. */
export async function isOnIndex(
  client: Pick<Client, 'project'>,
  { name, filename, sha256 }: CheckedDistribution,
): Promise<boolean> {
  if (name === undefined) return false
  const found = await client.project(name)
  const file = found?.detail.files.find((each) => each.filename === filename)
  if (file === undefined) return false
  const known = sha256Of(file)
  if (known === sha256) return true
  const problem =
    known === undefined
      ? 'the index does not tell its digest, so nobody can say whether it is the same'
      : `it has the sha256 ${known.slice(0, 12)}..., and this one has ${sha256.slice(0, 12)}...`
  throw new UsageError(
    `${filename} is on the index already: ${problem}`,
    'a file is never replaced: publish a new version',
  )
}

function sha256Of({ hashes }: ProjectFile): string | undefined {
  return hashes['sha256']?.toLowerCase()
}
