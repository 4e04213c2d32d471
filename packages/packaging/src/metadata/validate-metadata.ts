/** Validates core metadata against a choice of rules and tells everything that is wrong. */

import type { CoreMetadata, MetadataProblem } from './core-metadata.ts'
import { compareMetadataVersions, newestMetadataVersion } from './core-metadata.ts'
import { findField } from './fields.ts'
import { cut } from './problem.ts'
import type { ReadMetadata } from './read-metadata.ts'
import { standardRules } from './standard-rules.ts'

/** One rule: looks at metadata and tells what breaks it. Rules are listed, so that each index chooses its own. */
export type MetadataRule = (metadata: CoreMetadata) => Iterable<MetadataProblem>

/**
 * All problems of a metadata file or of metadata by itself; none when it is valid. `rules` defaults to `standardRules`,
 * the specification's; an index adds `uploadRules()`. Given what `readMetadata` returned, problems in reading, fields
 * given twice and unknown fields count too (unknown ones not where the file is of a later 2.x than is known).
 *
 * @example
 * ```ts
 * const read = readMetadata(new TextEncoder().encode('Metadata-Version: 2.1\nName: demo\nVersion: one\n'))
 * validateMetadata(read).map(({ field, value }) => `${field}: ${value}`) // ['Version: one']
 * ```
 */
export function validateMetadata(
  input: CoreMetadata | ReadMetadata,
  options: { readonly rules?: readonly MetadataRule[] } = {},
): MetadataProblem[] {
  const { rules = standardRules } = options
  const read: ReadMetadata =
    'unparsed' in input ? input : { metadata: input, unparsed: new Map(), problems: [] }
  const problems = [
    ...read.problems,
    ...unparsedProblems(read),
    ...rules.flatMap((rule) => [...rule(read.metadata)]),
  ]
  // A field given twice is not also missing.
  const repeated = new Set([...read.unparsed.keys()].map((name) => findField(name)?.header))
  return problems.filter(({ field, value }) => value !== undefined || !repeated.has(field))
}

function* unparsedProblems({ metadata, unparsed }: ReadMetadata): Generator<MetadataProblem> {
  const isNewer = compareMetadataVersions(metadata.metadataVersion, newestMetadataVersion) === 1
  for (const [name, values] of unparsed) {
    const header = findField(name)?.header
    if (header !== undefined) {
      yield {
        field: header,
        value: cut(values.join(', ')),
        message: `${header} is given ${values.length} times. Give it once.`,
      }
    } else if (!isNewer) {
      yield {
        field: name,
        value: cut(values.join(', ')),
        message: `${JSON.stringify(cut(name))} is not a field of core metadata. Remove it.`,
      }
    }
  }
}
