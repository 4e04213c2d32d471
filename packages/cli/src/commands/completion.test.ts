import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { type Desk, desk } from '../testing/desk.ts'

/** A shell of this machine, with the script and a `cheese` that lists one project. */
async function setUp(shell: 'bash' | 'zsh' | 'fish') {
  const at = await desk()
  const { out } = await at.must(`completion ${shell}`)
  writeFileSync(at.folder.join('script'), out)
  writeFileSync(at.folder.join('cheese'), '#!/bin/sh\necho demo==1.0\n', { mode: 0o755 })
  return at
}

function run({ folder }: Desk, shell: string, program: string): string[] {
  const env = {
    PATH: `${folder.path}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder.path,
    TERM: 'dumb',
  }
  const flags = shell === 'fish' ? ['--no-config'] : shell === 'zsh' ? ['-f'] : ['--norc']
  const out = execFileSync(shell, [...flags, '-c', program], {
    cwd: folder.path,
    env,
    encoding: 'utf8',
  })
  return out
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

const isThere = (shell: string) =>
  ['/usr/local/bin', '/usr/bin', '/bin'].some((folder) => existsSync(`${folder}/${shell}`))
const without = (shell: string) => (isThere(shell) ? false : `there is no ${shell}`)

test('bash completes commands, options, their values and installed projects', {
  skip: without('bash'),
}, async () => {
  await using at = await setUp('bash')
  const complete = (...words: string[]) => {
    const list = words.map((word) => `'${word}'`).join(' ')
    const program = `source ./script; COMP_WORDS=(cheese ${list}); COMP_CWORD=${words.length}; _cheese; printf '%s\\n' "\${COMPREPLY[@]}"`
    return run(at, 'bash', program)
  }
  assert.deepEqual(complete('unin'), ['uninstall'])
  assert.deepEqual(complete('-q', 'pip', 'freez'), ['freeze'])
  assert.deepEqual(complete('install', '--upgrade-s'), ['--upgrade-strategy'])
  assert.deepEqual(complete('install', '--upgrade-strategy', 'ea'), ['eager'])
  assert.deepEqual(complete('show', 'de'), ['demo'])
  assert.deepEqual(complete('cache', 'pr'), ['prune'])
  assert.deepEqual(complete('config', 'ed'), ['edit'])
  assert.deepEqual(complete('index', ''), ['versions'])
  assert.deepEqual(complete('cache', 'remove', 'pr'), [])
  assert.deepEqual(complete('install', '--link-mode', '='), ['clone', 'hardlink', 'copy'])
  assert.deepEqual(complete('install', '--link-mode', '=', 'h'), ['hardlink'])
  assert.deepEqual(complete('install', '-r', 'scr'), [], 'left to the shell, which has files')
})

test('a project whose name is a command to the shell is completed, and not run', {
  skip: without('bash'),
}, async () => {
  await using at = await setUp('bash')
  const names = ['$(touch owned)', '`touch owned`', 'demo;touch owned', '*', "'"]
  const lines = names.map((name) => `${name}==1.0`).join('\n')
  writeFileSync(at.folder.join('cheese'), `#!/bin/sh\ncat <<'END'\n${lines}\nEND\n`, {
    mode: 0o755,
  })
  const program = `source ./script; COMP_WORDS=(cheese show ''); COMP_CWORD=2; _cheese; printf '%s\\n' "\${COMPREPLY[@]}"`
  assert.deepEqual(run(at, 'bash', program), ['touchowned', 'touchowned', 'demotouchowned'])
  assert.equal(existsSync(at.folder.join('owned')), false)
})

test('fish completes the same', { skip: without('fish') }, async () => {
  await using at = await setUp('fish')
  const complete = (line: string) =>
    run(at, 'fish', `source ./script; complete -C ${JSON.stringify(line)}`).map(
      (each) => each.split('\t')[0],
    )
  assert.deepEqual(complete('cheese unin'), ['uninstall'])
  assert.deepEqual(complete('cheese install --upgrade-s'), ['--upgrade-strategy'])
  assert.deepEqual(complete('cheese install --upgrade-strategy ea'), ['eager'])
  assert.deepEqual(complete('cheese show de'), ['demo'])
  assert.deepEqual(complete('cheese cache pr'), ['prune'])
})

test('zsh takes the script, for the command and by its name', {
  skip: without('zsh'),
}, async () => {
  await using at = await setUp('zsh')
  const program = `autoload -Uz compinit && compinit -u; eval "$(<./script)"; print $_comps[cheese]
    compadd() { print -rl -- "\${(@P)@[-1]}" }
    _describe() { print -rl -- "\${(@P)2}" }
    _arguments() { print -rl -- "$@" }
    words=(cheese unin) CURRENT=2; _cheese
    words=(cheese install --up) CURRENT=3; _cheese
    words=(cheese completion z) CURRENT=3; _cheese
    _cheese_installed`
  const lines = run(at, 'zsh', program)
  assert.equal(lines[0], '_cheese')
  assert.ok(lines.includes('uninstall:Uninstalls projects.'), lines.slice(0, 40).join('\n'))
  assert.ok(lines.some((line) => line.startsWith('--upgrade-strategy=[With --upgrade\\: only')))
  assert.ok(lines.includes('1:action:(bash zsh fish)'))
  assert.equal(lines.at(-1), 'demo')
})

test('completion names the shells it knows', async () => {
  await using at = await desk()
  for (const words of ['completion', 'completion tcsh', 'completion --bash --zsh']) {
    const { code, error } = await at.run(words)
    assert.deepEqual(
      [code, error.split('\n')[0]],
      [1, 'error: one shell is to be named: bash, zsh or fish'],
    )
  }
  assert.equal((await at.must('completion --bash')).out, (await at.must('completion bash')).out)
  assert.match((await at.run('completion --powershell')).error, /--powershell is not supported/)
})

test('debug tells what the tool found, and where settings are from', async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0'))
  const { out } = await at.must('debug')
  assert.match(out, /^cheese version: \d/)
  assert.match(out, /^python: ~\/env\/bin\/python$/m)
  assert.match(out, /^setting find-links: ~\/files \(CHEESE_FIND_LINKS\)$/m)
  assert.match(out, /^Compatible tags: \d+\n {2}cp312-cp312-linux_x86_64$/m)
  const facts = JSON.parse((await at.must('debug --format json')).out)
  assert.equal(facts['python version'], '3.12.1')
  assert.ok(facts.tags.includes('py3-none-any'))
})
