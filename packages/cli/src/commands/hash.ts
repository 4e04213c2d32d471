/** `cheese hash`: the line that asks for exactly these files. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { UsageError } from '../report/usage-error.ts'

export const hash = defineCommand({
  summary: 'Prints the hashes of files, as --hash wants them.',
  operands: 'FILE...',
  options: {
    algorithm: {
      kind: 'text',
      short: 'a',
      placeholder: 'ALGORITHM',
      choices: ['sha256', 'sha384', 'sha512'],
      help: 'sha256, sha384 or sha512. [sha256]',
    },
    format: formatOption,
  },
  onlyLooks: true,
  async run(session, { algorithm = 'sha256', format }) {
    if (session.words.length === 0) throw new UsageError('no file was named', 'cheese hash FILE')
    const digests: { file: string; algorithm: string; digest: string }[] = []
    for (const file of session.words) {
      const digest = createHash(algorithm)
      for await (const chunk of createReadStream(resolve(session.folder, file)))
        digest.update(chunk)
      digests.push({ file, algorithm, digest: digest.digest('hex') })
    }
    if (format === 'json') session.printer.data(JSON.stringify(digests))
    else
      for (const { file, digest } of digests)
        session.printer.data(`${file}:\n--hash=${algorithm}:${digest}`)
    return 0
  },
})
