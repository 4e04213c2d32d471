/** The table of core metadata fields: how each is spelled, what it holds and since when it exists. */

import type { CoreMetadata } from './core-metadata.ts'

/** `text` once; `list` any number of times; the others are lists with a form of their own. */
export type FieldKind = 'text' | 'list' | 'keywords' | 'urls'

export interface MetadataField {
  /** As files spell it: `Requires-Dist`. */
  readonly header: string
  readonly key: keyof CoreMetadata
  readonly kind: FieldKind
  /** The first metadata version that has it. */
  readonly since: string
}

function field(
  header: string,
  key: keyof CoreMetadata,
  kind: FieldKind,
  since: string,
): MetadataField {
  return { header, key, kind, since }
}

/** In the order in which files are written. */
export const metadataFields: readonly MetadataField[] = [
  field('Metadata-Version', 'metadataVersion', 'text', '1.0'),
  field('Name', 'name', 'text', '1.0'),
  field('Version', 'version', 'text', '1.0'),
  field('Dynamic', 'dynamic', 'list', '2.2'),
  field('Platform', 'platforms', 'list', '1.0'),
  field('Supported-Platform', 'supportedPlatforms', 'list', '1.1'),
  field('Summary', 'summary', 'text', '1.0'),
  field('Keywords', 'keywords', 'keywords', '1.0'),
  field('Home-page', 'homePage', 'text', '1.0'),
  field('Download-URL', 'downloadUrl', 'text', '1.1'),
  field('Author', 'author', 'text', '1.0'),
  field('Author-email', 'authorEmail', 'text', '1.0'),
  field('Maintainer', 'maintainer', 'text', '1.2'),
  field('Maintainer-email', 'maintainerEmail', 'text', '1.2'),
  field('License', 'license', 'text', '1.0'),
  field('License-Expression', 'licenseExpression', 'text', '2.4'),
  field('License-File', 'licenseFiles', 'list', '2.4'),
  field('Classifier', 'classifiers', 'list', '1.1'),
  field('Requires-Python', 'requiresPython', 'text', '1.2'),
  field('Requires-Dist', 'requiresDist', 'list', '1.2'),
  field('Requires-External', 'requiresExternal', 'list', '1.2'),
  field('Project-URL', 'projectUrls', 'urls', '1.2'),
  field('Provides-Extra', 'providesExtra', 'list', '2.1'),
  field('Provides-Dist', 'providesDist', 'list', '1.2'),
  field('Obsoletes-Dist', 'obsoletesDist', 'list', '1.2'),
  field('Import-Name', 'importNames', 'list', '2.5'),
  field('Import-Namespace', 'importNamespaces', 'list', '2.5'),
  field('Requires', 'requires', 'list', '1.1'),
  field('Provides', 'provides', 'list', '1.1'),
  field('Obsoletes', 'obsoletes', 'list', '1.1'),
  field('Description-Content-Type', 'descriptionContentType', 'text', '2.1'),
  field('Description', 'description', 'text', '1.0'),
]

const byHeader = new Map(metadataFields.map((entry) => [entry.header.toLowerCase(), entry]))
const byKey = new Map(metadataFields.map((entry) => [entry.key, entry]))

/** Finds a field by its header in any case. */
export function findField(header: string): MetadataField | undefined {
  return byHeader.get(header.toLowerCase())
}

/** The header of a key: `requiresDist` is `Requires-Dist`. */
export function headerOf(key: keyof CoreMetadata): string {
  return byKey.get(key)!.header
}
