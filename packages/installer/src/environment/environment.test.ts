import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { factsFor, workshop } from '../workshop.fixture.ts'
import { openEnvironment, refuseExternallyManaged, UnusableEnvironment } from './environment.ts'
import { InstalledProjects } from './installed-projects.ts'
import { Interpreter } from './interpreter.ts'

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
