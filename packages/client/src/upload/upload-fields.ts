/** The form of an upload, made from the metadata of the file it goes with. */
import {
  type CoreMetadata,
  type Hashes,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'

export interface UploadFieldsInput {
  readonly filename: string
  /** From METADATA or PKG-INFO inside the file. */
  readonly metadata: CoreMetadata
  /** `sha256`, and `blake2b_256` when it is there. */
  readonly hashes: Hashes
  /** PEP 740 attestations, each a JSON object. */
  readonly attestations?: readonly object[]
}

/** Fields as the public index names them; undefined for a file that is neither a wheel nor an sdist. */
export function uploadFields(input: UploadFieldsInput): Field[] | undefined {
  const { metadata, hashes, attestations = [] } = input
  const kind = kindOf(input.filename)
  if (kind === undefined) return undefined
  return given([
    [':action', 'file_upload'],
    ['protocol_version', '1'],
    ['filetype', kind.filetype],
    ['pyversion', kind.pyversion],
    ['sha256_digest', hashes['sha256']],
    ['blake2_256_digest', hashes['blake2b_256']],
    ...textFields(metadata),
    ...listFields(metadata),
    ['attestations', attestations.length === 0 ? undefined : JSON.stringify(attestations)],
  ])
}

type Field = [name: string, value: string]
type MaybeField = [name: string, value: string | undefined]

function given(fields: readonly MaybeField[]): Field[] {
  return fields.filter((field): field is Field => field[1] !== undefined)
}

function kindOf(filename: string): { filetype: string; pyversion: string } | undefined {
  const wheel = tryParseWheelFilename(filename)
  if (wheel !== undefined) return { filetype: 'bdist_wheel', pyversion: wheel.pythonTag }
  const sdist = tryParseSdistFilename(filename)
  return sdist && { filetype: 'sdist', pyversion: 'source' }
}

function textFields(metadata: CoreMetadata): MaybeField[] {
  return [
    ['metadata_version', metadata.metadataVersion],
    ['name', metadata.name],
    ['version', metadata.version],
    ['summary', metadata.summary],
    ['description', metadata.description],
    ['description_content_type', metadata.descriptionContentType],
    ['keywords', metadata.keywords.length === 0 ? undefined : metadata.keywords.join(',')],
    ['home_page', metadata.homePage],
    ['download_url', metadata.downloadUrl],
    ['author', metadata.author],
    ['author_email', metadata.authorEmail],
    ['maintainer', metadata.maintainer],
    ['maintainer_email', metadata.maintainerEmail],
    ['license', metadata.license],
    ['license_expression', metadata.licenseExpression],
    // Sent also when empty: some registries insist on it.
    ['requires_python', metadata.requiresPython ?? ''],
  ]
}

function listFields(metadata: CoreMetadata): Field[] {
  const fields: [string, readonly string[]][] = [
    ['classifiers', metadata.classifiers],
    ['platform', metadata.platforms],
    ['supported_platform', metadata.supportedPlatforms],
    ['requires_dist', metadata.requiresDist],
    ['requires_external', metadata.requiresExternal],
    ['provides_dist', metadata.providesDist],
    ['obsoletes_dist', metadata.obsoletesDist],
    ['provides_extra', metadata.providesExtra],
    ['project_urls', metadata.projectUrls.map(({ label, url }) => `${label}, ${url}`)],
    ['dynamic', metadata.dynamic],
    ['license_file', metadata.licenseFiles],
    ['import_names', metadata.importNames ?? []],
    ['import_namespaces', metadata.importNamespaces],
    ['requires', metadata.requires],
    ['provides', metadata.provides],
    ['obsoletes', metadata.obsoletes],
  ]
  return fields.flatMap(([name, values]) => values.map((value): Field => [name, value]))
}
