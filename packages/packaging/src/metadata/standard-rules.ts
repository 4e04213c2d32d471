/** The rules of the core metadata specification itself. */

import { canonicalizeLicenseExpression, InvalidLicenseExpression } from '../licenses.ts'
import { isValidName } from '../names.ts'
import { InvalidRequirement, parseRequirement } from '../requirements.ts'
import { InvalidSpecifier } from '../specifier.ts'
import { parseSpecifierSet } from '../specifiers.ts'
import { isVersion } from '../versions.ts'
import { checkContentType } from './content-type.ts'
import {
  type CoreMetadata,
  compareMetadataVersions,
  type MetadataProblem,
  metadataVersions,
  newestMetadataVersion,
} from './core-metadata.ts'
import { findField, headerOf, metadataFields } from './fields.ts'
import { importNameProblem } from './import-name.ts'
import { licenseFileProblem } from './license-file.ts'
import { cut, problemWith } from './problem.ts'

type Problems = Generator<MetadataProblem>

/** Versions 1.0 to 2.6; a later 2.x is taken with what is understood, as the specification asks of readers. */
function* checkMetadataVersion({ metadataVersion }: CoreMetadata): Problems {
  if (metadataVersion === '') {
    yield missing('Metadata-Version', `Write "Metadata-Version: ${newestMetadataVersion}"`)
    return
  }
  const isNewerMinor =
    metadataVersion.startsWith('2.') &&
    compareMetadataVersions(metadataVersion, newestMetadataVersion) === 1
  if (!metadataVersions.includes(metadataVersion) && !isNewerMinor) {
    yield problemWith(
      'metadataVersion',
      metadataVersion,
      `is not a version of core metadata. Use one of ${metadataVersions.join(', ')}.`,
    )
  }
}

function* checkName({ name }: CoreMetadata): Problems {
  if (name === '') yield missing('Name', 'Name the project')
  else if (!isValidName(name)) {
    yield problemWith(
      'name',
      name,
      'is not a valid name. Use ASCII letters and digits, with ".", "-" and "_" between them.',
    )
  }
}

function* checkVersion({ version }: CoreMetadata): Problems {
  if (version === '') yield missing('Version', 'Give the version of the release')
  else if (!isVersion(version)) {
    yield problemWith(
      'version',
      version,
      'is not a valid version. Write it as PEP 440 has it, such as "1.0" or "2.0rc1".',
    )
  }
}

/** PEP 643 and its kin: a field can only be used by the versions that have it. */
function* checkFieldAges(metadata: CoreMetadata): Problems {
  if (!metadataVersions.includes(metadata.metadataVersion)) return
  for (const { header, key, since } of metadataFields) {
    const value = metadata[key]
    const isEmptyList = Array.isArray(value) && value.length === 0 && key !== 'importNames'
    if (
      value !== undefined &&
      !isEmptyList &&
      compareMetadataVersions(since, metadata.metadataVersion) === 1
    ) {
      yield {
        field: header,
        value: cut(typeof value === 'string' ? value : JSON.stringify(value)),
        message: `${header} needs Metadata-Version ${since} or later, and this is ${metadata.metadataVersion}. Raise the version or remove the field.`,
      }
    }
  }
}

function* checkSummary({ summary }: CoreMetadata): Problems {
  // Every character at which Python's splitlines ends a line.
  if (summary !== undefined && /[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/.test(summary)) {
    yield problemWith(
      'summary',
      summary,
      'must be a single line. Move the rest to the description.',
    )
  }
}

function* checkDescriptionContentType({ descriptionContentType }: CoreMetadata): Problems {
  if (descriptionContentType === undefined) return
  const message = checkContentType(descriptionContentType)
  if (message !== undefined)
    yield problemWith('descriptionContentType', descriptionContentType, message)
}

/** PEP 643: any field of the standard but the three that identify the file. */
function* checkDynamic({ dynamic }: CoreMetadata): Problems {
  for (const name of dynamic) {
    const header = findField(name)?.header
    if (header === undefined) {
      yield problemWith(
        'dynamic',
        name,
        'is not a field of core metadata, so it cannot be dynamic. Correct or remove it.',
      )
    } else if (['Metadata-Version', 'Name', 'Version'].includes(header)) {
      yield problemWith('dynamic', name, 'may not be dynamic. Remove it.')
    }
  }
}

function* checkProvidesExtra({ providesExtra }: CoreMetadata): Problems {
  for (const extra of providesExtra) {
    if (!isValidName(extra)) {
      yield problemWith(
        'providesExtra',
        extra,
        'is not a valid extra. Use lower-case ASCII letters and digits, with "-" between them.',
      )
    }
  }
}

function* checkRequiresPython({ requiresPython }: CoreMetadata): Problems {
  if (requiresPython !== undefined) {
    yield* checkParses('requiresPython', requiresPython, parseSpecifierSet)
  }
}

function* checkRequiresDist({ requiresDist }: CoreMetadata): Problems {
  for (const requirement of requiresDist) {
    yield* checkParses('requiresDist', requirement, parseRequirement)
  }
}

/** Links are a dictionary, in pyproject.toml and wherever they are shown. */
function* checkProjectUrlLabels({ projectUrls }: CoreMetadata): Problems {
  const seen = new Set<string>()
  for (const { label, url } of projectUrls) {
    if (seen.has(label)) {
      yield problemWith(
        'projectUrls',
        `${label}, ${url}`,
        'has the label of another link. Give each its own.',
      )
    }
    seen.add(label)
  }
}

function* checkLicenseExpression({ licenseExpression }: CoreMetadata): Problems {
  if (licenseExpression !== undefined) {
    yield* checkParses('licenseExpression', licenseExpression, canonicalizeLicenseExpression)
  }
}

/** A value that another standard rules: its error says what is wrong. */
function* checkParses(
  key: keyof CoreMetadata,
  value: string,
  parse: (text: string) => unknown,
): Problems {
  try {
    parse(value)
  } catch (error) {
    const isExpected =
      error instanceof InvalidRequirement ||
      error instanceof InvalidSpecifier ||
      error instanceof InvalidLicenseExpression
    if (!isExpected) throw error
    yield { field: headerOf(key), value: cut(value), message: `${error.message}. Correct it.` }
  }
}

function* checkLicenseFiles({ licenseFiles }: CoreMetadata): Problems {
  for (const path of licenseFiles) {
    const message = licenseFileProblem(path)
    if (message !== undefined) yield problemWith('licenseFiles', path, message)
  }
}

function* checkImports(metadata: CoreMetadata): Problems {
  for (const key of ['importNames', 'importNamespaces'] as const) {
    for (const name of metadata[key] ?? []) {
      const message = importNameProblem(name)
      if (message !== undefined) yield problemWith(key, name, message)
    }
  }
}

function missing(field: string, advice: string): MetadataProblem {
  return { field, message: `${field} is missing. ${advice}.` }
}

/**
 * What the specification asks of every metadata file, whoever reads it.
 *
 * @example
 * ```ts
 * const { metadata } = readMetadata(new TextEncoder().encode('Metadata-Version: 2.1\nName: demo\n'))
 * validateMetadata(metadata, { rules: standardRules })[0].message // 'Version is missing. Give the version of the release.'
 * ```
 */
export const standardRules: readonly ((metadata: CoreMetadata) => Problems)[] = [
  checkMetadataVersion,
  checkName,
  checkVersion,
  checkFieldAges,
  checkSummary,
  checkDescriptionContentType,
  checkDynamic,
  checkProvidesExtra,
  checkRequiresPython,
  checkRequiresDist,
  checkProjectUrlLabels,
  checkLicenseExpression,
  checkLicenseFiles,
  checkImports,
]
