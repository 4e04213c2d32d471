import assert from 'node:assert/strict'
import { symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { desk } from '../testing/desk.ts'

test('a program that cannot be started is told of in a sentence, whatever the system says', async () => {
  await using at = await desk()
  const { folder } = at
  writeFileSync(folder.join('file'), '')
  writeFileSync(folder.join('orphan'), '#!/no/such/interpreter\n', { mode: 0o755 })
  symlinkSync('loop', folder.join('loop'))
  for (const [program, why] of [
    ['./file/below', 'a part of the path is a file'],
    ['./loop', 'its symbolic links lead in a circle'],
    [`./${'n'.repeat(300)}`, 'the name is too long for the file system'],
    ['./orphan', 'its first line names an interpreter that is not there'],
    ['./nothing', 'there is no such file'],
    ['./file', 'it is no program, or this user may not run it'],
  ] as const) {
    const error = `error: ${program} cannot be run: ${why}\n`
    assert.deepEqual(await at.run(`run ${program}`), { code: 1, out: '', error })
  }
})
