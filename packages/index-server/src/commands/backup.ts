/** `cheeseshop backup` and `restore`: the whole server in one file, and back. */
import { backUp } from '../domain/transfer/backup.ts'
import { restore } from '../domain/transfer/restore.ts'
import { formatBytes, plural } from '../format.ts'
import { openDomain } from '../open-domain.ts'
import { command } from './command.ts'

export const backupCommand = command({
  name: 'backup',
  summary: 'Write everything the server keeps into one file, as it is now; works while it serves.',
  operands: 'FILE',
  async run({ config, operands, print }) {
    await using opened = await openDomain(config)
    const { rows, blobs, bytes } = await backUp(opened.domain, { path: operands[0] ?? '' })
    print(`${operands[0]} has ${contents({ rows, blobs })} (${formatBytes(bytes)})`)
  },
})

export const restoreCommand = command({
  name: 'restore',
  summary: 'Fill an empty server from a backup; all of it, verified, or nothing.',
  operands: 'FILE',
  async run({ config, operands, print }) {
    await using opened = await openDomain(config, { create: true })
    const { rows, blobs } = await restore(opened.domain, operands[0] ?? '')
    print(`restored ${contents({ rows, blobs })}`)
  },
})

function contents({ rows, blobs }: { rows: number; blobs: number }): string {
  return `${plural(rows, 'row')} and ${plural(blobs, 'blob')}`
}
