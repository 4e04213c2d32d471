/** Everything known about an upload while it is judged; what could not be read is absent. */
import type { ArchiveProblem } from '@cheeseshop/archive'
import {
  type CoreMetadata,
  isValidName,
  type NormalizedName,
  normalizeName,
  type SdistContents,
  type SdistFilename,
  tryParseSdistFilename,
  tryParseVersion,
  tryParseWheelFilename,
  type Version,
  type WheelContents,
  type WheelFilename,
  type WheelProblem,
} from '@cheeseshop/packaging'
import type { FileKind } from '../../../database/schema.ts'
import type { Problem } from '../../errors.ts'
import type { Identity } from '../../identity.ts'
import type { UploadRules } from '../upload-rules.ts'
import type { CatalogFacts } from './catalog-facts.ts'
import { readFormMetadata } from './form-metadata.ts'
import {
  type Past,
  readUploadForm,
  type Upload,
  type UploadContent,
  type UploadForm,
} from './upload.ts'

export interface Candidate {
  readonly rules: UploadRules
  readonly identity: Identity
  readonly now: Date
  /** Into which index. */
  readonly index: number
  readonly form: UploadForm
  readonly formMetadata: CoreMetadata
  readonly content?: UploadContent
  readonly userAgent?: string
  readonly past?: Past
  /** From the form; what the file says is compared with it. */
  readonly name?: NormalizedName
  readonly version?: Version
  readonly kind?: FileKind
  readonly wheelName?: WheelFilename
  readonly sdistName?: SdistFilename
  /** Everything found wrong so far. */
  readonly problems: Problem[]
  catalog?: CatalogFacts
  /** What the archive's framing breaks; empty when it is sound. */
  framing?: readonly ArchiveProblem[]
  /** What is unclean in the archive and yet accepted. */
  remarks?: readonly ArchiveProblem[]
  wheel?: WheelContents
  sdist?: SdistContents
  recordProblems?: readonly WheelProblem[]
}

interface Setting {
  rules: UploadRules
  identity: Identity
  now: Date
  index: number
}

export function readCandidate(upload: Upload, setting: Setting): Candidate {
  const form = readUploadForm(upload)
  const name = form.one('name') ?? ''
  const version = tryParseVersion(form.one('version') ?? '')
  const kind = fileKinds.find((each) => each === form.one('filetype'))
  const filename = upload.content?.filename ?? ''
  const wheelName = kind === 'bdist_wheel' ? tryParseWheelFilename(filename) : undefined
  const sdistName = kind === 'sdist' ? tryParseSdistFilename(filename) : undefined
  return {
    ...setting,
    form,
    formMetadata: readFormMetadata(form),
    problems: [],
    ...(upload.content && { content: upload.content }),
    ...(upload.userAgent !== undefined && { userAgent: upload.userAgent }),
    ...(upload.past && { past: upload.past }),
    ...(isValidName(name) && { name: normalizeName(name) }),
    ...(version && { version }),
    ...(kind && { kind }),
    ...(wheelName && { wheelName }),
    ...(sdistName && { sdistName }),
  }
}

export const fileKinds: readonly FileKind[] = ['bdist_wheel', 'sdist']
