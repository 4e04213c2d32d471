import assert from 'node:assert/strict'
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from '../cache/cache-folder.ts'
import { factsFor } from '../workshop.fixture.ts'
import { createEnvironment } from './create-environment.ts'
import { Interpreter } from './interpreter.ts'
import { readInterpreter } from './read-interpreter.ts'

describe('a new virtual environment', () => {
  it('has what Python asks for, and an interpreter that is known already', async () => {
    await using folder = await temporaryFolder()
    const cache = new CacheFolder(folder.join('cache'))
    const base = folder.join('python3.12')
    writeFileSync(base, 'ELF')
    const interpreter = new Interpreter({
      ...factsFor('/opt/python'),
      basePrefix: '/opt/python',
      baseExecutable: base,
    })
    const env = folder.join("it's here")
    const created = createEnvironment(env, { interpreter, cache, prompt: 'two\nlines' })
    assert.equal(
      readFileSync(join(env, 'pyvenv.cfg'), 'utf8'),
      `home = ${folder.path}\nimplementation = CPython\ninclude-system-site-packages = false\nversion = 3.12.1\nprompt = two lines\n`,
    )
    assert.equal(readlinkSync(join(env, 'bin/python')), base)
    assert.equal(readlinkSync(join(env, 'bin/python3.12')), 'python')
    assert.ok(
      readFileSync(join(env, 'bin/activate'), 'utf8').includes(
        `VIRTUAL_ENV='${folder.path}/it'\\''s here'\n`,
      ),
    )
    assert.equal(created.isVirtual, true)
    assert.deepEqual((await readInterpreter(join(env, 'bin/python'), cache)).facts, created.facts)
    assert.throws(
      () => createEnvironment(env, { interpreter }),
      /is an environment already.*--clear/,
    )
    writeFileSync(join(env, 'mine'), '')
    createEnvironment(env, { interpreter, keep: true })
    assert.ok(existsSync(join(env, 'mine')))
    createEnvironment(env, { interpreter, clear: true })
    assert.ok(!existsSync(join(env, 'mine')))
  })

  it('is made in no place of other things, unless these are to stay', async () => {
    await using folder = await temporaryFolder()
    const interpreter = new Interpreter(factsFor('/opt/python'))
    writeFileSync(folder.join('mine'), '')
    const make = (options: object) => createEnvironment(folder.path, { interpreter, ...options })
    assert.throws(() => make({}), /is not empty \(it has "mine"\).*--allow-existing/)
    assert.throws(() => make({ clear: true }), /no virtual environment.*--clear does not empty it/)
    writeFileSync(folder.join('.gitignore'), 'dist\n')
    make({ keep: true })
    assert.equal(readFileSync(folder.join('.gitignore'), 'utf8'), 'dist\n')
    assert.deepEqual(
      [existsSync(folder.join('mine')), existsSync(folder.join('pyvenv.cfg'))],
      [true, true],
    )
  })
})
