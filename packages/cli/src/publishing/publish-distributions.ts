/** Publishes checked distributions one after the other, and tells what became of each. */
import { type Client, UploadRefused, type UploadTarget, uploadFields } from '@cheeseshop/client'
import type { CheckedDistribution } from './check-distribution.ts'
import { isOnIndex } from './existing-files.ts'

export interface PublishTools {
  readonly client: Pick<Client, 'upload'>
  /** Asked anew for every file: tokens of trusted publishing do not live long. */
  readonly target: () => Promise<UploadTarget>
  /** A client of the index that says which files are there; a fresh one each time, because clients remember. */
  readonly openCheck?: () => Pick<Client, 'project'> & Disposable
  /** Take a refusal because of a file that is there for success. */
  readonly skipsExisting: boolean
  readonly attestations: (path: string) => readonly object[]
  readonly onEvent: (event: PublishEvent) => void
}

export type PublishEvent =
  | {
      readonly type: 'sent'
      readonly filename: string
      readonly sent: number
      readonly total: number
    }
  | {
      readonly type: 'published'
      readonly file: CheckedDistribution
      readonly milliseconds: number
      readonly message: string
    }
  | { readonly type: 'skipped'; readonly file: CheckedDistribution }

/** Throws `UploadRefused`, `ClientError` and `UsageError`; what was published before stays published. */
export async function publishDistributions(
  files: readonly CheckedDistribution[],
  tools: PublishTools,
): Promise<void> {
  for (const file of files) {
    const isThere = await checkIndex(file, tools)
    if (isThere || !(await upload(file, tools))) tools.onEvent({ type: 'skipped', file })
  }
}

async function checkIndex(
  file: CheckedDistribution,
  { openCheck }: PublishTools,
): Promise<boolean> {
  if (openCheck === undefined) return false
  using client = openCheck()
  return await isOnIndex(client, file)
}

/** Whether it was published, and not skipped. */
async function upload(file: CheckedDistribution, tools: PublishTools): Promise<boolean> {
  const { filename, path, metadata, sha256 } = file
  const started = performance.now()
  const attestations = tools.attestations(path)
  const form = uploadFields({ filename, metadata: metadata!, hashes: { sha256 }, attestations })!
  try {
    const { message } = await tools.client.upload(
      await tools.target(),
      form,
      { filename, content: path },
      (sent, total) => tools.onEvent({ type: 'sent', filename, sent, total }),
    )
    const milliseconds = performance.now() - started
    tools.onEvent({ type: 'published', file, milliseconds, message })
    return true
  } catch (error) {
    if (!(error instanceof UploadRefused)) throw error
    if (tools.skipsExisting && error.isDuplicate) return false
    // Someone else may have published the same meanwhile.
    if (await checkIndex(file, tools)) return false
    throw error.status === 401 ? wantsCredentials(error) : error
  }
}

/** The client knows the fault, and not where its user writes credentials. */
function wantsCredentials({ status, problems, url }: UploadRefused): UploadRefused {
  const { host } = new URL(url)
  const hint = `say who you are to ${host}, or correct it: --token (CHEESE_PUBLISH_TOKEN), --username and --password (CHEESE_PUBLISH_USERNAME, CHEESE_PUBLISH_PASSWORD), a repository of .pypirc, .netrc or a keyring; in a CI job, trusted publishing`
  return new UploadRefused(status, problems, { url, hint })
}
