/** `cheeseshop advisories import`: what is known to be wrong with published software, for rules and audits. */
import { UsageError } from '../config/usage-error.ts'
import { importAdvisories } from '../domain/policy/advisories.ts'
import { openAdvisories } from '../domain/policy/open-advisories.ts'
import { downloadArchive } from '../domain/upstream/download-archive.ts'
import { openDomain } from '../open-domain.ts'
import { command } from './command.ts'

export const advisoriesImport = command({
  name: 'advisories import',
  summary: 'Read an OSV archive: a zip, a folder or a JSON file, or the URL of a zip.',
  operands: 'PATH_OR_URL',
  async run({ config, operands, print }) {
    const [from = ''] = operands
    await using opened = await openDomain(config)
    await using archive = /^https?:/.test(from) ? await download(from) : undefined
    const records = openAdvisories(archive?.path ?? from)
    const { read, changed } = await importAdvisories(opened.domain, config.administrator, records)
    print(`read ${read} advisories, ${changed} of them new or newer`)
  },
})

async function download(url: string) {
  try {
    return await downloadArchive(url, 'advisories.zip')
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
