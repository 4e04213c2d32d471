import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type MarkerEnvironment,
  normalizeName,
  parseRequirement,
  parseVersion,
} from '@cheeseshop/packaging'
import { findInconsistencies, isSatisfied } from './consistency.ts'
import type { InstalledProject } from './environment/installed-project.ts'

const environment = { python_full_version: '3.11.4', os_name: 'posix' } as MarkerEnvironment

function project(
  name: string,
  version: string,
  requiresDist: string[] = [],
  requiresPython?: string,
) {
  const metadata = { name, requiresDist, requiresPython }
  return {
    name: normalizeName(name),
    version: parseVersion(version),
    metadata,
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

test('faults are told in the sentences of pip', () => {
  const projects = [
    ...fine,
    project('old', '1', ['absent'], '<3.8'),
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
