/** `cheese run`: runs a script with what it requires, or a program of the environment. */

import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs'
import { findInterpreter, type Interpreter } from '@cheeseshop/installer'
import { readScriptMetadata, type SpecifierSet } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { buildOptions } from '../options/build-options.ts'
import { globalOptions, networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { environmentOptions, strategyOptions } from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import { isEmpty } from '../requirements/inputs.ts'
import { findText } from '../requirements/read-text.ts'
import { openScriptEnvironment, type ScriptEnvironment } from '../running/script-environment.ts'
import { startProgram } from '../running/start-program.ts'
import type { Session } from '../session.ts'

const options = {
  with: {
    kind: 'list',
    separator: ',',
    placeholder: 'REQUIREMENT',
    help: 'Run with this installed, too, in an environment kept for such runs.',
  },
  'with-requirements': {
    kind: 'list',
    placeholder: 'FILE',
    help: 'Run with what this file asks for.',
  },
  'with-editable': {
    kind: 'list',
    placeholder: 'FOLDER',
    help: 'Run with this project as a link to its sources.',
  },
  refresh: { kind: 'flag', help: 'Make the environment anew, with the newest versions.' },
  'link-mode': environmentOptions['link-mode'],
  compile: environmentOptions.compile,
  ...buildOptions,
  ...indexOptions,
  ...choiceOptions,
  ...strategyOptions,
  ...networkOptions,
} as const

type RunValues = ValuesOf<typeof options>

export const run = defineCommand({
  summary:
    'Runs a script with what it says it requires (PEP 723), or a program of the environment.',
  operands: 'SCRIPT [ARGUMENT]... | [--] PROGRAM [ARGUMENT]...',
  options,
  refused: {
    module: {
      short: 'm',
      takesValue: true,
      why: 'Python itself runs modules.',
      hint: 'cheese run python -m MODULE',
    },
  },
  endsAtWord: true,
  async run(session, values) {
    const [first, ...args] = session.words
    if (first === undefined || first === '') {
      throw new UsageError('nothing to run was named', 'cheese run SCRIPT, or cheese run PROGRAM')
    }
    if (first === '-') {
      throw new UsageError(
        'what a script from standard input requires cannot be read before it is run',
        'write it to a file, or: cheese run --with REQUIREMENT python -',
      )
    }
    const isScript = namesScript(session, first)
    const metadata = isScript ? await readMetadata(session, first) : undefined
    const base = await chooseInterpreter(session, metadata?.requiresPython, first)
    using environment = await openEnvironmentFor(session, values, {
      base,
      scripts: metadata ? [first] : [],
    })
    const { interpreter } = environment
    const words = isScript ? [interpreter.executable, first, ...args] : [first, ...args]
    // Awaited here: an environment for this run only must stay until its end.
    return await startProgram(session, words as [string, ...string[]], interpreter)
  },
})

/** A file of Python, by its name or by what it says: one that begins with `#!... cheese run` would start us again. */
function namesScript(session: Session, word: string): boolean {
  const path = session.resolve(word)
  // What cannot even be looked at is told of by whoever runs it.
  if (!existsSync(path) || !statSync(path).isFile()) return false
  return /\.pyw?$/i.test(word) || (/[\\/]/.test(word) && mayBeRead(path) && hasScriptBlock(path))
}

/** A program that may only be run is no script. */
function mayBeRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

/** Only the beginning is looked at: it may be a program of any size. */
function hasScriptBlock(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(16_384)
    const text = start.toString('latin1', 0, readSync(file, start))
    return /^# \/\/\/ script\s*$/m.test(text)
  } finally {
    closeSync(file)
  }
}

async function readMetadata(session: Session, word: string) {
  return readScriptMetadata(await findText(word, { folder: session.folder }, undefined).read())
}

interface Parts {
  readonly base: Interpreter
  readonly scripts: readonly string[]
}

/** That at hand, unless something else is asked for. */
async function openEnvironmentFor(
  session: Session,
  values: RunValues,
  { base, scripts }: Parts,
): Promise<ScriptEnvironment> {
  const asked = {
    requirement: values['with-requirements'],
    editable: values['with-editable'],
    'requirements-from-script': scripts,
  }
  const inputs = await readCommandInputs(session, { ...values, ...asked }, values.with)
  if (isEmpty(inputs) && scripts.length === 0) {
    return { interpreter: base, [Symbol.dispose]: () => {} }
  }
  return openScriptEnvironment({
    session,
    values: { ...values, ...nothingElse },
    inputs,
    interpreter: base,
    refresh: values.refresh,
  })
}

/** Options of `install` that have no sense for an environment of our own. */
const nothingElse = {
  'dry-run': false,
  report: undefined,
  format: undefined,
  target: undefined,
  prefix: undefined,
  root: undefined,
  user: false,
  'break-system-packages': false,
}

/** The one at hand, else the newest there is that the script accepts. Throws `UsageError`. */
async function chooseInterpreter(
  session: Session,
  wanted: SpecifierSet | undefined,
  script: string,
): Promise<Interpreter> {
  const here = await session.interpreter()
  if (accepts(wanted, here)) return here
  const isChosen = session.setting(globalOptions, 'python').value !== undefined
  const { cache, environment: env, folder } = session
  for (let minor = isChosen ? 0 : newestMinor; minor >= oldestMinor; minor -= 1) {
    const python = `3.${minor}`
    const found = await findInterpreter({ python, cache, env, folder }).catch(() => undefined)
    if (found && accepts(wanted, found)) return found
  }
  throw new UsageError(
    `${script} requires Python ${wanted}, and this is Python ${here.version}`,
    '--python names another',
  )
}

const newestMinor = 20
const oldestMinor = 7

function accepts(wanted: SpecifierSet | undefined, { version }: Interpreter): boolean {
  return wanted === undefined || wanted.contains(version, { prereleases: true })
}
