/** The metadata rules of this index, and the mistakes that every index overlooks. */
import {
  type CoreMetadata,
  type MetadataRule,
  type ReadMetadata,
  uploadRules,
} from '@cheeseshop/packaging'
import { currentClassifiers, deprecatedClassifiers } from '../classifiers/classifiers.generated.ts'
import type { UploadRules } from '../upload-rules.ts'

export function metadataRules(rules: UploadRules): readonly MetadataRule[] {
  return rules.localVersions ? withLocalVersions : withoutLocalVersions
}

const classifiers = { known: new Set(currentClassifiers), deprecated: deprecatedClassifiers }
const withLocalVersions = uploadRules({ classifiers, allowLocalVersions: true })
const withoutLocalVersions = uploadRules({ classifiers, allowLocalVersions: false })

/**
 * Takes out what real files get wrong and no client sends to an index: "UNKNOWN" for what was not given, fields
 * of somebody's own, and lines that are no headers.
 */
export function withoutKnownMistakes({ metadata, unparsed, problems }: ReadMetadata): ReadMetadata {
  const given = Object.entries(metadata).filter(([, value]) => !isUnknown(value))
  return {
    metadata: {
      ...{ metadataVersion: '', name: '', version: '' },
      ...(Object.fromEntries(given) as Partial<CoreMetadata>),
    } as CoreMetadata,
    unparsed: new Map([...unparsed].filter(([name]) => neverTwice.has(name))),
    problems: problems.filter((problem) => problem.field !== 'headers'),
  }
}

/** Fields whose repetition leaves open what installers would do. */
const neverTwice: ReadonlySet<string> = new Set([
  'metadata-version',
  'name',
  'version',
  'requires-python',
  'license-expression',
])

function isUnknown(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === 'UNKNOWN'
}
