/** The rules that a package index adds to the specification when files are uploaded, as the public index has them. */

import { tryParseRequirement } from '../requirements.ts'
import { tryParseVersion } from '../versions.ts'
import {
  type CoreMetadata,
  compareMetadataVersions,
  type MetadataProblem,
} from './core-metadata.ts'
import { emailProblem } from './email-addresses.ts'
import { problemWith } from './problem.ts'
import { standardRules } from './standard-rules.ts'
import type { MetadataRule } from './validate-metadata.ts'

type Problems = Generator<MetadataProblem>

/** The trove classifiers of an index. */
export interface KnownClassifiers {
  readonly known: ReadonlySet<string>
  /** Those no longer to be used, with what replaces them. */
  readonly deprecated: ReadonlyMap<string, readonly string[]>
}

export interface UploadRuleOptions {
  /** Without them, any classifier is accepted. */
  readonly classifiers?: KnownClassifiers
  /** Whether versions like `1.0+cpu` may be uploaded; the public index says no. */
  readonly allowLocalVersions?: boolean
}

const longestSummary = 512
const longestLabel = 32

/**
 * The specification's rules and those of an index: no local versions, no direct URLs in dependencies, short summaries,
 * real classifiers, valid e-mail addresses and web links. Validate with `validateMetadata(read, { rules: uploadRules() })`.
 *
 * @example
 * ```ts
 * const text = 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0+cpu\nRequires-Dist: x @ https://example.org/x.whl\n'
 * const problems = validateMetadata(readMetadata(new TextEncoder().encode(text)), { rules: uploadRules() })
 * problems.map(({ field }) => field) // ['Version', 'Requires-Dist']
 * ```
 */
export function uploadRules(options: UploadRuleOptions = {}): readonly MetadataRule[] {
  const { classifiers, allowLocalVersions = false } = options
  return [
    ...standardRules.map(
      (rule): MetadataRule =>
        (metadata) =>
          rule(withoutOldLicenseFiles(metadata)),
    ),
    ...(allowLocalVersions ? [] : [checkLocalVersion]),
    checkSummaryLength,
    checkEmails,
    checkUrls,
    checkProjectUrls,
    checkDependencies,
    checkOneLicense,
    ...(classifiers === undefined ? [] : [checkClassifiers(classifiers)]),
  ]
}

/**
 * Before 2.4 the field was setuptools' own, with another meaning and no standing. One upload in eight has it, and upload
 * tools leave it out of what they send; so must an index that reads the file itself.
 */
function withoutOldLicenseFiles(metadata: CoreMetadata): CoreMetadata {
  const isStandard = (compareMetadataVersions(metadata.metadataVersion, '2.4') ?? 0) >= 0
  return isStandard ? metadata : { ...metadata, licenseFiles: [] }
}

function* checkLocalVersion({ version }: CoreMetadata): Problems {
  const local = tryParseVersion(version)?.local
  if (local != null) {
    yield problemWith(
      'version',
      version,
      `has a local part (+${local}), which an index does not take (PEP 440). Remove it.`,
    )
  }
}

function* checkSummaryLength({ summary }: CoreMetadata): Problems {
  if (summary !== undefined && summary.length > longestSummary) {
    yield problemWith(
      'summary',
      summary,
      `has ${summary.length} characters. Shorten it to ${longestSummary} and leave the rest to the description.`,
    )
  }
}

function* checkEmails(metadata: CoreMetadata): Problems {
  for (const key of ['authorEmail', 'maintainerEmail'] as const) {
    const value = metadata[key]
    const message = value ? emailProblem(value) : undefined
    if (message !== undefined) yield problemWith(key, value!, message)
  }
}

function* checkUrls(metadata: CoreMetadata): Problems {
  for (const key of ['homePage', 'downloadUrl'] as const) {
    const value = metadata[key]
    // Old build tools write UNKNOWN for what nobody gave them.
    if (value && value !== 'UNKNOWN' && !isWebUrl(value)) {
      yield problemWith(key, value, 'is not a web address. Write it with "https://" or "http://".')
    }
  }
}

function* checkProjectUrls({ projectUrls }: CoreMetadata): Problems {
  for (const { label, url } of projectUrls) {
    const pair = `${label}, ${url}`
    if (label.length < 1 || label.length > longestLabel) {
      yield problemWith(
        'projectUrls',
        pair,
        `needs a label of 1 to ${longestLabel} characters, as in "Source, https://example.org".`,
      )
    }
    if (!isWebUrl(url)) {
      yield problemWith(
        'projectUrls',
        pair,
        'has no web address after its label. Write it with "https://" or "http://".',
      )
    }
  }
}

/** An index only points to what it holds itself, so a dependency may name no other place. */
function* checkDependencies(metadata: CoreMetadata): Problems {
  for (const key of ['requiresDist', 'providesDist', 'obsoletesDist'] as const) {
    for (const text of metadata[key]) {
      const requirement = tryParseRequirement(text)
      if (requirement === undefined) {
        // Requires-Dist is the business of the standard's own rules.
        if (key !== 'requiresDist')
          yield problemWith(
            key,
            text,
            'is not a requirement. Write a name, with versions after it where they matter.',
          )
      } else if (requirement.url !== undefined) {
        yield problemWith(key, text, 'points to a URL. Depend on a released version instead.')
      }
    }
  }
}

/** PEP 639: the old field and the new one exclude each other. */
function* checkOneLicense({ license, licenseExpression }: CoreMetadata): Problems {
  if (license && licenseExpression !== undefined) {
    yield problemWith(
      'license',
      license,
      'may not be given together with License-Expression. Remove License.',
    )
  }
}

function checkClassifiers({ known, deprecated }: KnownClassifiers): MetadataRule {
  return function* check({ classifiers }) {
    for (const classifier of classifiers) {
      const replacements = deprecated.get(classifier)
      if (replacements !== undefined) {
        const advice = replacements.length > 0 ? `Use ${replacements.join(' or ')}.` : 'Remove it.'
        yield problemWith('classifiers', classifier, `is a deprecated classifier. ${advice}`)
      } else if (!known.has(classifier)) {
        yield problemWith(
          'classifiers',
          classifier,
          'is not a known classifier. Correct it, or remove it.',
        )
      }
    }
  }
}

function isWebUrl(text: string): boolean {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null
  return url !== null && url.hostname !== ''
}
