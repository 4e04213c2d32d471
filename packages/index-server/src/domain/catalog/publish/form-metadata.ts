/** Reads the core metadata that clients repeat in the upload form. */
import { type CoreMetadata, parseKeywords, parseProjectUrl } from '@cheeseshop/packaging'
import type { UploadForm } from './upload.ts'

/** The form's name of each metadata field that has one value. */
const textFields = {
  metadataVersion: 'metadata_version',
  name: 'name',
  version: 'version',
  summary: 'summary',
  description: 'description',
  descriptionContentType: 'description_content_type',
  homePage: 'home_page',
  downloadUrl: 'download_url',
  author: 'author',
  authorEmail: 'author_email',
  maintainer: 'maintainer',
  maintainerEmail: 'maintainer_email',
  license: 'license',
  licenseExpression: 'license_expression',
  requiresPython: 'requires_python',
} as const satisfies Partial<Record<keyof CoreMetadata, string>>

/** The form's names of each field that may come many times; clients differ between singular and plural. */
const listFields = {
  dynamic: ['dynamic'],
  platforms: ['platform', 'platforms'],
  supportedPlatforms: ['supported_platform', 'supported_platforms'],
  licenseFiles: ['license_file', 'license_files'],
  classifiers: ['classifiers', 'classifier'],
  requiresDist: ['requires_dist'],
  requiresExternal: ['requires_external'],
  providesExtra: ['provides_extra', 'provides_extras'],
  providesDist: ['provides_dist'],
  obsoletesDist: ['obsoletes_dist'],
  importNamespaces: ['import_namespaces', 'import_namespace'],
  requires: ['requires'],
  provides: ['provides'],
  obsoletes: ['obsoletes'],
} as const satisfies Partial<Record<keyof CoreMetadata, readonly string[]>>

/** Form fields that are sent at most once. */
export const singleFields: ReadonlySet<string> = new Set<string>([
  ...Object.values(textFields),
  'keywords',
  ':action',
  'protocol_version',
  'filetype',
  'pyversion',
  'md5_digest',
  'sha256_digest',
  'blake2_256_digest',
])

export function readFormMetadata(form: UploadForm): CoreMetadata {
  const texts = Object.entries(textFields).flatMap(([key, field]) => {
    const value = form.one(field)
    return value === undefined ? [] : [[key, value]]
  })
  const lists = Object.entries(listFields).map(([key, fields]) => [
    key,
    fields.flatMap((field) => form.all(field)),
  ])
  const importNames = [...form.all('import_names'), ...form.all('import_name')]
  return {
    metadataVersion: '',
    name: '',
    version: '',
    ...Object.fromEntries(texts),
    ...Object.fromEntries(lists),
    keywords: parseKeywords(form.one('keywords') ?? ''),
    projectUrls: form.all('project_urls').map(parseProjectUrl),
    ...(importNames.length > 0 && { importNames }),
  } as CoreMetadata
}
