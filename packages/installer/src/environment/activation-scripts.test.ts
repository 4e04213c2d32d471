import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { activationScripts } from './activation-scripts.ts'

const names = [
  '$(touch owned)',
  '`touch owned`',
  "'; touch owned; '",
  '"$(touch owned)"',
  '\\$(touch owned)',
]

test('an environment in a folder whose name is a command is activated, and the command not run', {
  skip: existsSync('/bin/bash') ? false : 'there is no bash',
}, async () => {
  for (const name of names) {
    await using folder = await temporaryFolder()
    const environment = folder.join(name)
    mkdirSync(environment)
    const script = folder.join('activate')
    writeFileSync(script, activationScripts(environment, name).get('activate')!)
    const show = `PS1="> "; . ./activate; printf "%s\\n" "\${PS1@P}" "$VIRTUAL_ENV"; deactivate`
    const said = execFileSync('/bin/bash', ['--norc', '-c', show], {
      cwd: folder.path,
      encoding: 'utf8',
    })
    assert.deepEqual(readdirSync(folder.path).sort(), [name, 'activate'].sort(), name)
    assert.equal(said.split('\n')[1], environment)
  }
})
