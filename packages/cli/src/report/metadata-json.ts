/** Core metadata as JSON: the field's names with underscores, lists for what may come often (PEP 566). */

import type { CoreMetadata } from '@cheeseshop/packaging'

/** Only what is said. */
export function metadataJson(metadata: CoreMetadata): Record<string, unknown> {
  const names: [string, unknown][] = [
    ['metadata_version', metadata.metadataVersion],
    ['name', metadata.name],
    ['version', metadata.version],
    ['platform', metadata.platforms],
    ['supported_platform', metadata.supportedPlatforms],
    ['summary', metadata.summary],
    ['description_content_type', metadata.descriptionContentType],
    ['keywords', keywords(metadata)],
    ['home_page', metadata.homePage],
    ['download_url', metadata.downloadUrl],
    ['author', metadata.author],
    ['author_email', metadata.authorEmail],
    ['maintainer', metadata.maintainer],
    ['maintainer_email', metadata.maintainerEmail],
    ['license', metadata.license],
    ['license_expression', metadata.licenseExpression],
    ['license_file', metadata.licenseFiles],
    ['classifier', metadata.classifiers],
    ['project_url', metadata.projectUrls.map(({ label, url }) => `${label}, ${url}`)],
    ['requires_dist', metadata.requiresDist],
    ['requires_python', metadata.requiresPython],
    ['requires_external', metadata.requiresExternal],
    ['provides_extra', metadata.providesExtra],
    ['provides_dist', metadata.providesDist],
    ['obsoletes_dist', metadata.obsoletesDist],
    ['dynamic', metadata.dynamic],
    ['description', metadata.description],
  ]
  const isSaid = (value: unknown) =>
    value !== undefined && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(names.filter(([, value]) => isSaid(value)))
}

/** Files of old separate them with spaces. */
function keywords({ keywords: all }: CoreMetadata): readonly string[] {
  return all.length === 1 ? all[0]!.split(/\s+/) : all
}
