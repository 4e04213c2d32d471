/** `cheese inspect`: the whole environment as JSON, in pip's format (version 1). */

import type { InstalledProject } from '@cheeseshop/installer'
import { writeDirectUrl } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { lookOptions } from '../options/list-options.ts'
import { metadataJson } from '../report/metadata-json.ts'
import { version } from '../version.ts'
import { lookAtInstalled } from './installed.ts'

export const inspect = defineCommand({
  summary: 'Prints everything that is known of an environment as JSON.',
  options: { format: { ...formatOption, help: 'Always json. [json]' }, ...lookOptions },
  onlyLooks: true,
  async run(session, values) {
    const { all } = await lookAtInstalled(session, values)
    const report = {
      version: '1',
      cheese_version: version,
      installed: all.map(describe),
      environment: (await session.interpreter()).markers,
    }
    session.printer.data(JSON.stringify(report, null, 2))
    return 0
  },
})

function describe(project: InstalledProject) {
  const { metadata, path, directUrl, installer, isRequested } = project
  return {
    metadata: metadataJson(metadata),
    metadata_location: path,
    ...(directUrl && { direct_url: JSON.parse(writeDirectUrl(directUrl)) }),
    installer: installer ?? '',
    requested: isRequested,
  }
}
