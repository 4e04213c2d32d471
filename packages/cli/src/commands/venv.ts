/** `cheese venv`: makes a virtual environment. */

import { createEnvironment } from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import { UsageError } from '../report/usage-error.ts'

export const venv = defineCommand({
  summary: 'Makes a virtual environment, in .venv unless a folder is named.',
  operands: '[DIR]',
  options: {
    prompt: { kind: 'text', placeholder: 'TEXT', help: 'What the shell shows when it is active.' },
    'system-site-packages': { kind: 'flag', help: 'Let it see what is installed outside.' },
    clear: { kind: 'flag', help: 'Empty the folder before.' },
    format: formatOption,
  },
  async run(session, values) {
    const [folder = '.venv', more] = session.words
    if (more !== undefined) throw new UsageError(`one folder, and not also ${more}`)
    const interpreter = createEnvironment(session.resolve(folder), {
      interpreter: await session.interpreter(),
      prompt: values.prompt,
      systemSitePackages: values['system-site-packages'],
      clear: values.clear,
      cache: session.cache,
    })
    if (values.format === 'json') {
      const { executable, version } = interpreter
      session.printer.data(JSON.stringify({ path: session.resolve(folder), executable, version }))
    }
    session.printer.info(`Python ${interpreter.version} in ${folder}`)
    session.printer.info(`Activate it with: source ${folder}/bin/activate`)
    return 0
  },
})
