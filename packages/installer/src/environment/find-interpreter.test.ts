import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from '../cache/cache-folder.ts'
import { factsFor } from '../workshop.fixture.ts'
import { findInterpreter, NoInterpreter } from './find-interpreter.ts'
import { answerMark } from './interpreter-script.ts'
import { readInterpreter, UnusableInterpreter } from './read-interpreter.ts'

describe('finding an interpreter', () => {
  it('asks a script every time, which may start another interpreter without being another file', async () => {
    await using folder = await temporaryFolder()
    const cache = new CacheFolder(folder.join('cache'))
    for (const prefix of ['/one', '/two']) {
      const shim = answering(folder.join('shim'), factsFor(prefix))
      utimesSync(shim, 1, 1)
      assert.equal((await readInterpreter(shim, cache)).facts.prefix, prefix)
    }
  })

  it('prefers what is active, then .venv, then PATH, and a version to all of them', async () => {
    await using folder = await temporaryFolder()
    const python = (name: string, full: string) => {
      const facts = factsFor(folder.join(name))
      const path = folder.join(name, 'bin', 'python')
      mkdirSync(join(path, '..'), { recursive: true })
      return answering(path, { ...facts, markers: { ...facts.markers, python_full_version: full } })
    }
    python('active', '3.12.1')
    python('here/.venv', '3.11.2')
    python('path', '3.10.3')
    const env = {
      VIRTUAL_ENV: folder.join('active'),
      PATH: folder.join('path', 'bin'),
      PYENV_ROOT: '/none',
    }
    const found = async (python?: string, given: object = env) => {
      const options = { python, env: given as Record<string, string>, folder: folder.join('here') }
      return String((await findInterpreter(options)).version)
    }
    assert.equal(await found(), '3.12.1')
    assert.equal(await found(undefined, { PATH: env.PATH }), '3.11.2')
    assert.equal(await found('3.10'), '3.10.3')
    assert.equal(await found('python3.10'), '3.10.3')
    assert.equal(await found('3.11.2'), '3.11.2')
    assert.equal(await found('<3.12,>=3.9'), '3.11.2')
    assert.equal(await found('~=3.10.0'), '3.10.3')
    renameSync(join(env.PATH, 'python'), join(env.PATH, 'python3.10'))
    assert.equal(await found('<3.11'), '3.10.3')
    renameSync(join(env.PATH, 'python3.10'), join(env.PATH, 'python'))
    assert.equal(await found(folder.join('active')), '3.12.1')
    assert.equal(await found('.venv'), '3.11.2')
    assert.equal(await found('python'), '3.10.3')
    await assert.rejects(found('3.9'), (error) => {
      assert.ok(error instanceof NoInterpreter)
      assert.match(error.message, /No Python 3\.9 was found.*\n- .*active.* is Python 3\.12\.1\./)
      return true
    })
    await assert.rejects(found('>=3.13'), /No Python >=3\.13 was found/)
    await assert.rejects(found('>=x'), /There is no program ">=x" on PATH/)
    await assert.rejects(found('pypy'), /There is no program "pypy" on PATH/)
  })

  it('says why a program is none', async () => {
    await using folder = await temporaryFolder()
    const silent = folder.join('silent')
    writeFileSync(silent, '#!/bin/sh\necho "no such option: -I" >&2\nexit 2\n')
    await assert.rejects(
      readInterpreter(silent),
      /silent cannot be used as a Python interpreter: it may not be executed/,
    )
    chmodSync(silent, 0o755)
    await assert.rejects(
      readInterpreter(silent),
      /it says "no such option: -I"\. Python 3\.6 or newer/,
    )
    await assert.rejects(readInterpreter(folder.join('none')), UnusableInterpreter)
    await assert.rejects(readInterpreter(folder.path), /it is a folder/)
  })
})

/** A program that answers as Python would. */
function answering(path: string, facts: object): string {
  writeFileSync(path, `#!/bin/sh\ncat <<'end'\nnoise\n${answerMark}${JSON.stringify(facts)}\nend\n`)
  chmodSync(path, 0o755)
  return path
}
