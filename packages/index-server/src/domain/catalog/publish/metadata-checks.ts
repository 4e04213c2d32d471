/** What core metadata must say, in the file and in the form, and that the two agree. */
import { type MetadataProblem, type ReadMetadata, validateMetadata } from '@cheeseshop/packaging'
import type { Candidate } from './candidate.ts'
import type { Finding, UploadCheck } from './check.ts'
import { disagreements } from './disagreements.ts'
import { metadataRules, withoutKnownMistakes } from './metadata-rules.ts'

export const formMetadataChecks: readonly UploadCheck[] = [
  {
    id: 'form-metadata-invalid',
    row: 6,
    rule: 'The core metadata in the form follows its specification and the rules of an index.',
    *find(candidate) {
      const { formMetadata: metadata, rules } = candidate
      const read = withoutKnownMistakes({ metadata, unparsed: new Map(), problems: [] })
      for (const problem of validateMetadata(read, { rules: metadataRules(rules) })) {
        if (!isToldAlready(problem, candidate)) yield toFinding(problem)
      }
    },
  },
]

/** Bytes: ten times the largest README anybody would read, and it is served and kept for each file. */
const largestMetadata = 2 * 2 ** 20

export const metadataChecks: readonly UploadCheck[] = [
  {
    id: 'metadata-too-large',
    row: 6,
    rule: 'METADATA or PKG-INFO has at most 2 MiB.',
    *find({ wheel, sdist }) {
      const { length = 0 } = (wheel ?? sdist)?.metadataBytes ?? {}
      if (length <= largestMetadata) return
      yield `The metadata in the file has ${length} bytes; at most ${largestMetadata} are accepted. Shorten the description.`
    },
  },
  {
    id: 'metadata-invalid',
    row: 6,
    rule: 'The core metadata in the file does too.',
    *find(candidate) {
      const alreadySaid = new Set(candidate.problems.map((problem) => problem.message))
      for (const problem of problemsOfFile(candidate)) {
        const finding = toFinding(problem)
        if (!alreadySaid.has(finding.message)) yield finding
      }
    },
  },
  {
    id: 'metadata-differs',
    row: 6,
    rule: 'What the form says of name, version and requirements is what the file says.',
    *find(candidate) {
      const read = metadataOfFile(candidate)
      if (read !== undefined) yield* disagreements(candidate.formMetadata, read.metadata)
    },
  },
]

function problemsOfFile(candidate: Candidate): MetadataProblem[] {
  const read = metadataOfFile(candidate)
  if (read === undefined) return []
  return validateMetadata(withoutKnownMistakes(read), { rules: metadataRules(candidate.rules) })
}

/** Undefined also for a file without metadata, whose absence is told already. */
function metadataOfFile({ wheel, sdist }: Candidate): ReadMetadata | undefined {
  const contents = wheel ?? sdist
  return contents?.metadataBytes && contents.readMetadata
}

/** Names and versions that are none have checks of their own. */
function isToldAlready({ field }: MetadataProblem, { name, version }: Candidate): boolean {
  return (field === 'Name' && name === undefined) || (field === 'Version' && version === undefined)
}

function toFinding({ field, message }: MetadataProblem): Finding & object {
  return { field, message: message.startsWith(field) ? message : `${field}: ${message}` }
}
