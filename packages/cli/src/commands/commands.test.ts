import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  globalOptions,
  ignoredEverywhere,
  networkOptions,
  refusedEverywhere,
} from '../options/global-options.ts'
import { longNames, type OptionTable } from '../options/option.ts'
import { runProgram } from '../run.ts'
import { version } from '../version.ts'
import { commandNames, findCommand } from './mod.ts'

/** Every long option of pip 26.3, as its `--help` lists them. */
const pipOptions: Record<string, string> = {
  install: `requirement constraint build-constraint requirements-from-script no-deps only-deps editable dry-run target
    platform python-version implementation abi user root prefix src upgrade upgrade-strategy force-reinstall
    ignore-installed ignore-requires-python no-build-isolation check-build-dependencies break-system-packages
    config-settings compile no-compile no-warn-script-location no-warn-conflicts require-hashes no-require-hashes
    progress-bar root-user-action report group no-clean pre all-releases only-final no-binary only-binary prefer-binary
    index-url extra-index-url no-index refresh-package find-links uploaded-prior-to`,
  download: `constraint build-constraint requirement requirements-from-script no-deps only-deps src require-hashes
    no-require-hashes progress-bar no-build-isolation check-build-dependencies ignore-requires-python dest platform
    python-version implementation abi group no-clean pre all-releases only-final no-binary only-binary prefer-binary
    index-url extra-index-url no-index refresh-package find-links uploaded-prior-to config-settings`,
  list: `outdated uptodate editable local user path format not-required exclude-editable include-editable exclude pre
    all-releases only-final no-binary only-binary prefer-binary index-url extra-index-url no-index refresh-package
    find-links uploaded-prior-to`,
  freeze: 'requirement local user path all exclude-editable exclude',
  uninstall: 'requirement yes root-user-action break-system-packages',
}
const pipEverywhere = `help debug isolated require-virtualenv python verbose quiet log no-input keyring-provider proxy
  no-proxy-env retries timeout exists-action trusted-host cert client-cert cache-dir no-cache-dir
  disable-pip-version-check no-color use-feature use-deprecated resume-retries`

async function run(...words: string[]) {
  const transcript = { out: '', error: '' }
  const output = (name: 'out' | 'error') => ({
    write: (text: string) => {
      transcript[name] += text
    },
  })
  const terminal = { out: output('out'), error: output('error'), environment: {} }
  const code = await runProgram(words, { terminal, folder: import.meta.dirname })
  return { code, ...transcript }
}

for (const [name, options] of Object.entries(pipOptions)) {
  test(`every option of "pip ${name}" is implemented, or refused or ignored for a reason`, async () => {
    const command = (await findCommand(name))!
    const table: OptionTable = { ...globalOptions, ...networkOptions, ...command.options }
    const known = new Set([
      ...Object.entries(table).flatMap(([long, option]) => longNames(long, option)),
      ...Object.keys({ ...command.ignored, ...ignoredEverywhere }),
      ...Object.keys({ ...command.refused, ...refusedEverywhere }),
    ])
    const wanted = `${options} ${pipEverywhere}`.split(/\s+/)
    assert.deepEqual(
      wanted.filter((each) => !known.has(each)),
      [],
    )
  })
}

test('no two options of a command share a letter', async () => {
  for (const [name] of commandNames) {
    const { options } = (await findCommand(name))!
    const table: OptionTable = { ...globalOptions, ...options }
    const letters = Object.values(table).flatMap(({ short }) => short ?? [])
    assert.equal(new Set(letters).size, letters.length, `${name}: ${letters}`)
  }
})

test('the help of every command is made of its options', async () => {
  for (const [name] of commandNames) {
    const { code, out } = await run(name, '--help')
    assert.equal(code, 0)
    assert.match(out, new RegExp(`^Usage: cheese ${name} `, 'm'))
  }
  const { out } = await run('pip', 'install', '-h')
  assert.match(out, /^ {2}-U, --upgrade /m)
})

test('what is not understood ends with 1 and says what to do', async () => {
  assert.deepEqual(await run('instal'), {
    code: 1,
    out: '',
    error: 'error: there is no command "instal"\n\nhint: cheese --help lists them\n',
  })
  const nothing = await run('install')
  assert.equal(nothing.code, 1)
  assert.match(nothing.error, /^error: nothing to install was named\n\nhint: /)
  assert.equal((await run()).code, 1)
  assert.match((await run('constructor')).error, /there is no command "constructor"/)
})

test('the version is that of the package', async () => {
  const path = new URL('../../package.json', import.meta.url)
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).version, version)
  assert.equal((await run('--version')).out, `cheese ${version}\n`)
})
