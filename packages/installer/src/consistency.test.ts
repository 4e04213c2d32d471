import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type DirectUrl,
  type MarkerEnvironment,
  normalizeName,
  parseRequirement,
  parseVersion,
} from '@cheeseshop/packaging'
import { findInconsistencies, isSatisfied, requirementsOf } from './consistency.ts'
import type { InstalledProject } from './environment/installed-project.ts'

const environment = { python_full_version: '3.11.4', os_name: 'posix' } as MarkerEnvironment

function project(
  name: string,
  version: string,
  requiresDist: string[] = [],
  requiresPython?: string,
) {
  const needs = { name, requiresDist, requiresPython }
  return {
    name: normalizeName(name),
    version: parseVersion(version),
    needs,
  } as unknown as InstalledProject
}

const fine = [
  project('web', '2.0', ['tools>=1', 'paint; extra == "colour"', 'wine; os_name == "nt"']),
  project('Tools', '1.0rc1'),
]
const setOf = (projects: InstalledProject[]) => new Map(projects.map((each) => [each.name, each]))

test('a set that fits has no faults, and pre-releases that are there count', () => {
  const installed = setOf([...fine.slice(0, 1), project('Tools', '1.5a1')])
  assert.deepEqual(findInconsistencies(installed.values(), installed, environment), [])
})

test('a requirement that an extra asks for among others is in force', () => {
  const either = 'paint; extra == "colour" or os_name == "posix"'
  const both = 'wax; os_name == "posix" and extra == "colour"'
  const said = requirementsOf(project('web', '2.0', [either, both]), environment).map(String)
  assert.deepEqual(said, ['paint; extra == "colour" or os_name == "posix"'])
})

test('faults are told in the sentences of pip', () => {
  const projects = [
    ...fine,
    project('Old', '1', ['Absent'], '<3.8'),
    project('senseless', '1', ['a; os_name ~= "x"', '%%%']),
  ]
  const installed = setOf(projects)
  const messages = findInconsistencies(projects, installed, environment).map(
    ({ message }) => message,
  )
  assert.deepEqual(messages, [
    'web 2.0 has requirement tools>=1, but you have tools 1.0rc1.',
    'old 1 requires Python <3.8, and this is 3.11.4.',
    'old 1 requires absent, which is not installed.',
  ])
})

test('requirements are met only with all that they need in turn, extras too', () => {
  const installed = setOf([
    project('web', '2.0', ['tools', 'paint; extra == "colour"']),
    project('tools', '1', ['web']),
  ])
  const isMet = (...words: string[]) =>
    isSatisfied(words.map(parseRequirement), installed, environment)
  assert.equal(isMet('web'), true)
  assert.equal(isMet('web>=2', 'wine; os_name == "nt"'), true)
  assert.equal(isMet('web>2'), false)
  assert.equal(isMet('web[colour]'), false)
  assert.equal(isMet('absent'), false)
  assert.equal(isMet('web @ https://x.example/web-2.0-py3-none-any.whl'), false)
})

test('a URL is met by what surely is the same, and by whatever is there where others ask for it', () => {
  const commit = 'a'.repeat(40)
  const sha256 = 'b'.repeat(64)
  const from = (name: string, directUrl: DirectUrl, requires: string[] = []) =>
    Object.assign(project(name, '1.0', requires), { directUrl })
  const installed = setOf([
    from('file', { url: 'https://x.example/file.whl', archiveInfo: { hashes: { sha256 } } }),
    from('folder', { url: 'file:///srv/folder', dirInfo: {} }),
    from(
      'repository',
      { url: 'https://x.example/r.git', vcsInfo: { vcs: 'git', commitId: commit } },
      ['file @ https://elsewhere.example/file.whl'],
    ),
  ])
  const isMet = (word: string) => isSatisfied([parseRequirement(word)], installed, environment)
  assert.equal(isMet('file @ https://x.example/file.whl'), true)
  assert.equal(isMet(`file @ https://me:secret@x.example/file.whl#sha256=${sha256}`), true)
  assert.equal(isMet(`file @ https://x.example/file.whl#sha256=${'c'.repeat(64)}`), false)
  assert.equal(isMet('file @ https://y.example/file.whl'), false)
  assert.equal(isMet('folder @ file:///srv/folder'), false)
  assert.equal(isMet(`repository @ git+https://x.example/r.git@${commit}`), true)
  assert.equal(isMet(`repository @ git+https://x.example/r.git@${commit}#subdirectory=a`), false)
  assert.equal(isMet('repository @ git+https://x.example/r.git@main'), false)
  assert.equal(isMet('repository'), true)
  assert.deepEqual(findInconsistencies(installed.values(), installed, environment), [])
})
