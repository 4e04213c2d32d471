/** An answer that is kept holds as long as what it was read from, and no longer. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { InstalledProjects } from '@cheeseshop/installer'
import { type MarkerEnvironment, parseRequirement } from '@cheeseshop/packaging'
import { temporaryFolder } from '@cheeseshop/testing'
import { isStillSatisfied } from './kept-satisfaction.ts'

const markers = { python_full_version: '3.11.4', os_name: 'posix' } as MarkerEnvironment

/** `web`, which requires `tools`, both there; seconds after they were installed, unless it is told otherwise. */
async function openEnvironment({ mock }: TestContext, secondsLater = 10) {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + secondsLater * 1000 })
  const folder = await temporaryFolder()
  const at = (...names: string[]) => join(folder.path, ...names)
  const put = (name: string, more = '') => {
    mkdirSync(at(`${name}-1.0.dist-info`))
    const text = `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n${more}`
    writeFileSync(at(`${name}-1.0.dist-info`, 'METADATA'), text)
  }
  put('web', 'Requires-Dist: tools\n')
  put('tools')
  const answers: unknown[] = []
  const kept = { read: () => answers.at(-1), write: (answer: unknown) => answers.push(answer) }
  return {
    at,
    answers,
    isMet(word = 'web', environment = markers) {
      const installed = InstalledProjects.read({ sitePackages: [folder.path] })
      const wanted = [parseRequirement(word)]
      return isStillSatisfied({ wanted, installed, markers: environment }, kept)
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

test('one question is answered once, while all is as it was', async (context) => {
  await using environment = await openEnvironment(context)
  for (let run = 0; run < 3; run += 1) assert.equal(environment.isMet(), true)
  assert.equal(environment.answers.length, 1)
  const other = { ...markers, os_name: 'nt' }
  assert.equal(environment.isMet('web', other), true)
  assert.equal(environment.isMet('tools', other), true)
  assert.equal(environment.answers.length, 3)
})

test('metadata that was changed is read again, also when it has the same size', async (context) => {
  await using environment = await openEnvironment(context)
  assert.equal(environment.isMet(), true)
  const path = environment.at('web-1.0.dist-info', 'METADATA')
  writeFileSync(path, readFileSync(path, 'utf8').replace('tools', 'stool'))
  assert.equal(environment.isMet(), false)
})

test('what was removed, or is there in another version, is missed', async (context) => {
  await using environment = await openEnvironment(context)
  assert.equal(environment.isMet('web==1.0'), true)
  renameSync(environment.at('web-1.0.dist-info'), environment.at('web-2.0.dist-info'))
  assert.equal(environment.isMet('web==1.0'), false)
  assert.equal(environment.isMet(), true)
  rmSync(environment.at('tools-1.0.dist-info'), { recursive: true })
  assert.equal(environment.isMet(), false)
})

test('nothing is kept of files that are so new that another change of them would not be seen', async (context) => {
  await using environment = await openEnvironment(context, 0)
  assert.equal(environment.isMet(), true)
  assert.deepEqual(environment.answers, [])
})

test('an answer that was damaged is none', async (context) => {
  await using environment = await openEnvironment(context)
  assert.equal(environment.isMet(), true)
  const { question } = environment.answers[0] as { question: string }
  rmSync(environment.at('tools-1.0.dist-info'), { recursive: true })
  const lists = [undefined, 'web', {}, [null], [[]], [['absent']], [['web']], [['web', 7]]]
  for (const answer of [null, 1, 'yes', [], ...lists.map((projects) => ({ question, projects }))]) {
    environment.answers.push(answer)
    assert.equal(environment.isMet(), false, JSON.stringify(answer))
  }
})
