/** `cheese venv`: makes a virtual environment. */

import {
  createEnvironment,
  InstalledProjects,
  type Interpreter,
  openEnvironment,
} from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { buildOptions } from '../options/build-options.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { environmentOptions, strategyOptions } from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import type { Session } from '../session.ts'

const options = {
  prompt: { kind: 'text', placeholder: 'TEXT', help: 'What the shell shows when it is active.' },
  'system-site-packages': { kind: 'flag', help: 'Let it see what is installed outside.' },
  clear: { kind: 'flag', help: 'Replace the environment that is there.' },
  'allow-existing': { kind: 'flag', help: 'Leave what is in the folder.' },
  seed: { kind: 'flag', help: 'Install pip, and setuptools where the Python is older than 3.12.' },
  format: formatOption,
  'link-mode': environmentOptions['link-mode'],
  compile: environmentOptions.compile,
  ...buildOptions,
  ...indexOptions,
  ...choiceOptions,
  ...strategyOptions,
  ...networkOptions,
} as const

export const venv = defineCommand({
  summary: 'Makes a virtual environment, in .venv unless a folder is named.',
  operands: '[DIR]',
  options,
  ignored: {
    'without-pip': { why: 'Only --seed brings pip.' },
  },
  async run(session, values) {
    const [folder = '.venv', more] = session.words
    if (more !== undefined) throw new UsageError(`one folder, and not also ${more}`)
    const interpreter = createEnvironment(session.resolve(folder), {
      interpreter: await session.interpreter(),
      prompt: values.prompt,
      systemSitePackages: values['system-site-packages'],
      clear: values.clear,
      keep: values['allow-existing'],
      cache: session.cache,
    })
    if (values.seed) await seed(session, values, interpreter)
    if (values.format === 'json') {
      const { executable, version } = interpreter
      session.printer.data(JSON.stringify({ path: session.resolve(folder), executable, version }))
    }
    session.printer.info(`Python ${interpreter.version} in ${folder}`)
    session.printer.info(`Activate it with: source ${folder}/bin/activate`)
    return 0
  },
})

/** As `python -m venv` does. */
async function seed(
  session: Session,
  values: ValuesOf<typeof options>,
  interpreter: Interpreter,
): Promise<void> {
  const { changeEnvironment } = await import('../installing/change-environment.ts')
  const [major = 3, minor = 0] = interpreter.version.release
  const words = major === 3 && minor < 12 ? ['pip', 'setuptools'] : ['pip']
  const environment = openEnvironment(interpreter, {}, session.environment)
  const inputs = await readCommandInputs(session, values, words)
  await changeEnvironment(
    session,
    { ...values, ...plainly },
    {
      environment,
      installed: InstalledProjects.read(environment),
      isForced: false,
      isExact: false,
      wish: { inputs, withoutDependencies: false, requiresHashes: false, stays: 'all' },
    },
  )
}

/** Options of `install` that `venv` does not have. */
const plainly = {
  'dry-run': false,
  report: undefined,
  format: undefined,
  target: undefined,
  prefix: undefined,
  root: undefined,
  user: false,
  'break-system-packages': false,
}
