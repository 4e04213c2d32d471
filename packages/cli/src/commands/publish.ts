/** `cheese publish`: checks wheels and sdists and uploads them to an index. */

import type { Client, UploadTarget } from '@cheeseshop/client'
import { defineCommand } from '../command.ts'
import { networkOptions } from '../options/global-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { publishOptions } from '../options/publish-options.ts'
import { type CheckedDistribution, checkDistribution } from '../publishing/check-distribution.ts'
import { findDistributions } from '../publishing/find-distributions.ts'
import { findIdentity } from '../publishing/identity-token.ts'
import { openUploadClient } from '../publishing/open-upload-client.ts'
import { publishDistributions } from '../publishing/publish-distributions.ts'
import { PublishReport } from '../publishing/publish-report.ts'
import { readAttestations } from '../publishing/read-attestations.ts'
import { trustedTarget } from '../publishing/trusted-target.ts'
import { findUploadPlace, type UploadPlace } from '../publishing/upload-place.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

const options = { ...publishOptions, ...networkOptions } as const

type Values = ValuesOf<typeof options>

export const publish = defineCommand({
  summary: 'Checks wheels and sdists and uploads them to an index.',
  operands: '[FILE_OR_FOLDER]...',
  options,
  refused: {
    sign: {
      short: 's',
      why: 'indexes no longer take PGP signatures.',
      hint: 'attestations took their place',
    },
    identity: {
      takesValue: true,
      why: 'indexes no longer take PGP signatures.',
      hint: 'attestations took their place',
    },
    comment: { takesValue: true, why: 'no index shows it.', hint: 'leave it away' },
  },
  async run(session, values) {
    const report = new PublishReport(session.printer, values.format === 'json')
    const paths = findDistributions(session.words, session.folder)
    const files = await checkAll(paths, report, values.strict)
    if (values['dry-run']) {
      report.wouldPublish(files)
      return 0
    }
    const place = findUploadPlace({
      ...values,
      url: values['publish-url'],
      configFile: values['config-file'],
      environment: session.environment,
    })
    const client = session.keep(openUploadClient(session, values))
    const checkUrl = values['check-url']
    const publishing = publishDistributions(files, {
      client,
      target: chooseTarget(session, values, place, client),
      skipsExisting: values['skip-existing'],
      attestations: attestationReader(session, values),
      onEvent: (event) => report.tell(event),
      ...(checkUrl && { openCheck: () => openUploadClient(session, values, checkUrl) }),
    })
    await publishing.catch((error) => {
      report.interrupted(files)
      throw error
    })
    report.finish()
    return 0
  },
})

/** All faults of all files come at once, and nothing is published before they are mended. */
async function checkAll(
  paths: readonly string[],
  report: PublishReport,
  isStrict: boolean,
): Promise<CheckedDistribution[]> {
  const files: CheckedDistribution[] = []
  for (const path of paths) files.push(await checkDistribution(path))
  if (!isStrict) for (const file of files) report.warn(file)
  const lines = files.flatMap(({ filename, errors, warnings }) =>
    [...errors, ...(isStrict ? warnings : [])].map((each) => `  ${filename}: ${each}`),
  )
  if (lines.length === 0) return files
  throw new UsageError(
    `nothing was published, because of:\n${lines.join('\n')}`,
    'build them again',
  )
}

/** Credentials that were given are taken; else the identity of a CI job; else what the client finds by itself. */
function chooseTarget(
  session: Session,
  values: Values,
  { url, credentials }: UploadPlace,
  client: Client,
): () => Promise<UploadTarget> {
  const when = values['trusted-publishing'] ?? 'automatic'
  const identity = when === 'never' ? undefined : findIdentity(session.environment)
  if (when === 'always' && identity === undefined) {
    throw new UsageError(
      'this job offers no identity for trusted publishing',
      'it works in GitHub Actions, GitLab CI and Buildkite, for jobs that may ask for an identity token',
    )
  }
  if (identity && (when === 'always' || credentials === undefined)) {
    return trustedTarget({ client, url, identity })
  }
  return async () => ({ url, ...(credentials && { credentials }) })
}

function attestationReader(session: Session, values: Values): (path: string) => readonly object[] {
  const { origin } = session.setting(options, 'attestations')
  if (origin !== undefined && !values.attestations) return () => []
  return (path) => {
    const found = readAttestations(path)
    if (found.length > 0 || !values.attestations) return found
    throw new UsageError(`${path}.publish.attestation is not there, and --attestations asks for it`)
  }
}
