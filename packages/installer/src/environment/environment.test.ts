import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from '../cache/cache-folder.ts'
import { factsFor, workshop } from '../workshop.fixture.ts'
import { createEnvironment } from './create-environment.ts'
import { openEnvironment, refuseExternallyManaged, UnusableEnvironment } from './environment.ts'
import { findInterpreter, NoInterpreter } from './find-interpreter.ts'
import { InstalledProjects } from './installed-projects.ts'
import { Interpreter } from './interpreter.ts'
import { answerMark } from './interpreter-script.ts'
import { readInterpreter, UnusableInterpreter } from './read-interpreter.ts'

const venv = new Interpreter(factsFor('/venv'))

describe('an environment', () => {
  const systemFacts = { ...factsFor('/opt/python'), basePrefix: '/opt/python' }
  const system = new Interpreter(systemFacts)

  it('is that of the interpreter unless an option says otherwise', () => {
    const environment = openEnvironment(venv, {}, {})
    assert.deepEqual(environment.scheme, venv.facts.paths)
    assert.deepEqual(environment.sitePackages, ['/venv/lib/python3.12/site-packages'])
  })

  it('of --target has its modules in that folder', () => {
    const { scheme, sitePackages } = openEnvironment(venv, { target: '/t' }, {})
    assert.deepEqual(scheme, {
      purelib: '/t',
      platlib: '/t',
      scripts: '/t/bin',
      headers: '/t/include/python',
      data: '/t',
    })
    assert.deepEqual(sitePackages, ['/t'])
  })

  it('of --prefix, --root and --user lies below them', () => {
    const places = (target: object, env = {}) => {
      const { purelib, scripts } = openEnvironment(system, target, env).scheme
      return [purelib, scripts]
    }
    assert.deepEqual(places({ prefix: '/p' }), ['/p/lib/python3.12/site-packages', '/p/bin'])
    assert.deepEqual(places({ root: '/r' }), [
      '/r/opt/python/lib/python3.12/site-packages',
      '/r/opt/python/bin',
    ])
    assert.deepEqual(places({ root: '/r', prefix: '/p' }), [
      '/r/p/lib/python3.12/site-packages',
      '/r/p/bin',
    ])
    const user = [
      '/people/someone/.local/lib/python3.12/site-packages',
      '/people/someone/.local/bin',
    ]
    assert.deepEqual(places({ user: true }), user)
    assert.deepEqual(places({ user: true }, { PYTHONUSERBASE: '/u' }), [
      '/u/lib/python3.12/site-packages',
      '/u/bin',
    ])
  })

  it('cannot be in two places, nor where its interpreter does not look', () => {
    assert.throws(
      () => openEnvironment(venv, { prefix: '/p', target: '/t' }),
      /--prefix and --target exclude each other/,
    )
    assert.throws(
      () => openEnvironment(venv, { user: true }),
      /--user installs where the virtual environment \/venv does not look/,
    )
  })

  it('that the system manages is left alone, unless it is another place', async () => {
    await using folder = await temporaryFolder()
    const managed = new Interpreter({ ...systemFacts, stdlib: folder.path })
    refuseExternallyManaged(openEnvironment(managed))
    writeFileSync(
      folder.join('EXTERNALLY-MANAGED'),
      '[externally-managed]\nError=Use apt\n install,\n\n or not.\nOther=x\n',
    )
    assert.throws(
      () => refuseExternallyManaged(openEnvironment(managed)),
      (error) => {
        assert.ok(error instanceof UnusableEnvironment)
        assert.match(
          error.message,
          /\n\nUse apt\ninstall,\n\nor not\.\n\nMake a virtual environment \(cheese venv\), or insist/,
        )
        return true
      },
    )
    assert.throws(() => refuseExternallyManaged(openEnvironment(managed, { user: true })))
    for (const target of [{ prefix: '/p' }, { target: '/t' }, { root: '/r' }])
      refuseExternallyManaged(openEnvironment(managed, target))
    refuseExternallyManaged(openEnvironment(new Interpreter({ ...managed.facts, prefix: '/venv' })))
  })
})

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

describe('what is installed', () => {
  it('is told whatever else lies there, and what is broken comes with a reason', async () => {
    await using shop = await workshop()
    const site = shop.environment.scheme.purelib
    const put = (name: string, text: string) => {
      mkdirSync(join(site, name, '..'), { recursive: true })
      writeFileSync(join(site, name), text)
    }
    put(
      'Fine_Name-1.0.dist-info/METADATA',
      'Metadata-Version: 2.1\nName: Fine.Name\nVersion: 1.0\n',
    )
    put('Fine_Name-1.0.dist-info/REQUESTED', '')
    put('Fine_Name-1.0.dist-info/INSTALLER', 'someone\n')
    put(
      'Fine_Name-1.0.dist-info/direct_url.json',
      '{"url":"file:///src","dir_info":{"editable":true}}',
    )
    put('bad_url-1.0.dist-info/direct_url.json', '{')
    put('noversion.dist-info/METADATA', 'Name: noversion\n')
    put('nothing-at-all.dist-info/RECORD', '')
    put('gone.egg-link', '/not/there\n')
    put('module.py', '')
    const { projects, broken } = InstalledProjects.read(shop.environment)
    assert.deepEqual(
      projects.map(({ name }) => name),
      ['bad-url', 'fine-name'],
    )
    const [badUrl, fine] = projects
    assert.equal(badUrl!.directUrl, undefined)
    assert.equal(badUrl!.isRequested, false)
    assert.equal(badUrl!.record, undefined)
    assert.equal(fine!.metadata.name, 'Fine.Name')
    assert.deepEqual(
      [fine!.installer, fine!.isRequested, fine!.isEditable],
      ['someone', true, true],
    )
    const reasons = broken.map(({ problem }) => problem.slice(site.length + 1))
    assert.equal(reasons.length, 3)
    assert.match(reasons[0]!, /^gone\.egg-link is not a whole installed project: .*cannot be read/)
    assert.match(
      reasons[1]!,
      /nothing-at-all\.dist-info.*METADATA cannot be read \(there is no such file or folder\)/,
    )
    assert.match(reasons[2]!, /noversion\.dist-info.*METADATA names no version/)
  })

  it('is also in the folders of .pth files, of which nothing is run', async () => {
    await using folder = await temporaryFolder()
    const interpreter = new Interpreter(factsFor(folder.join('env')))
    const site = interpreter.facts.paths.purelib
    const sources = folder.join('sources')
    mkdirSync(join(sources, 'linked-1.0.dist-info'), { recursive: true })
    mkdirSync(join(site, 'linked-2.0.dist-info'), { recursive: true })
    mkdirSync(join(sources, 'apart-1.0.dist-info'))
    const lines = ['# more', 'import sys; sys.exit(1)', './gone', '\0', sources, sources, site]
    writeFileSync(join(site, 'sources.pth'), lines.join('\r\n'))
    writeFileSync(join(site, '.hidden.pth'), folder.path)
    const environment = openEnvironment(interpreter, {}, { PYTHONNOUSERSITE: '1' })
    assert.deepEqual(environment.sitePackages, [site, sources])
    const { projects, shadowed } = InstalledProjects.read(environment)
    assert.deepEqual(
      [projects, shadowed].map((list) => list.map(({ name, version }) => `${name} ${version}`)),
      [['apart 1.0', 'linked 2.0'], ['linked 1.0']],
    )
  })

  it('is what Python finds first', async () => {
    await using folder = await temporaryFolder()
    for (const [place, version] of [
      ['a', '1.0'],
      ['b', '2.0'],
    ])
      mkdirSync(folder.join(place!, `demo-${version}.dist-info`), { recursive: true })
    const sitePackages = ['a', 'b', 'not-there'].map((name) => folder.join(name))
    const read = InstalledProjects.read({ sitePackages })
    assert.deepEqual(
      read.projects.map(({ version }) => String(version)),
      ['1.0'],
    )
    assert.deepEqual(
      read.shadowed.map(({ version }) => String(version)),
      ['2.0'],
    )
    assert.deepEqual(read.broken, [])
  })
})

/** A program that answers as Python would. */
function answering(path: string, facts: object): string {
  writeFileSync(path, `#!/bin/sh\ncat <<'end'\nnoise\n${answerMark}${JSON.stringify(facts)}\nend\n`)
  chmodSync(path, 0o755)
  return path
}
