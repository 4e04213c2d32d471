/** The table of upload checks as people read it: docs/reference/upload-checks.md. */
import type { UploadCheck } from './check.ts'
import { uploadChecks } from './upload-checks.ts'

export function uploadChecksPage(): string {
  const stages = Object.entries(uploadChecks).map(([stage, checks]) => {
    const rows = [...checks].sort((a, b) => a.row - b.row).map(pageRow)
    return `## ${stageTitles[stage as keyof typeof uploadChecks]}\n\n| code | refuses what breaks this rule | row |\n| --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return `${pageHead}\n${stages.join('\n')}`
}

function pageRow({ id, rule, row }: UploadCheck): string {
  return `| \`${id}\` | ${rule} | ${row} |`
}

const stageTitles: Readonly<Record<keyof typeof uploadChecks, string>> = {
  rights: 'Rights',
  form: 'The form',
  name: 'Names of new projects',
  filename: 'The filename',
  bytes: 'Size and digests',
  collision: 'What the index holds already',
  framing: 'The archive',
  contents: 'What is inside',
  metadata: 'The metadata',
}

const pageHead = `# Upload checks

<!-- Made by \`node tools/upload-checks-page.ts\` from packages/index-server/src/domain/catalog/publish/; do not edit. -->

Each upload is checked in this order, and a refusal lists everything that was found. Four things end
the checks early, because nothing found later could change the answer: the uploader has no right to
the project, the filename or the content is taken, the file is too large, or it was damaged on its
way. The archive is opened as a wheel or an sdist only when its framing is sound.

The code is what a problem carries in JSON. The row is the place of the rule in the order in which the
public index applies its own. An identical file that is there already is no problem: it is answered
with success, and nothing changes.
`
