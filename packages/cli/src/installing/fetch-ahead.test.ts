/** Wheels that are fetched while the resolution is still under way. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { serve, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

/** Each requires the next. */
const chain = ['first', 'second', 'third'] as const
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

interface Release {
  readonly filename: string
  readonly bytes: Uint8Array
  readonly metadata: string
}

const releases = new Map<string, Release>(
  chain.map((name, at) => {
    const next = chain[at + 1]
    const needs = next === undefined ? '' : `Requires-Dist: ${next}\n`
    const builder = wheel(name, '1.0').file(`${name}.py`, 'x = 1\n')
    const { filename, bytes } = (next === undefined ? builder : builder.requires(next)).build()
    return [name, { filename, bytes, metadata: `Name: ${name}\nVersion: 1.0\n${needs}` }]
  }),
)

function page(name: string): string {
  const { filename, bytes, metadata } = releases.get(name)!
  const file = { filename, url: `/files/${filename}`, size: bytes.length }
  const digests = {
    hashes: { sha256: sha256(bytes) },
    'core-metadata': { sha256: sha256(Buffer.from(metadata)) },
  }
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name, files: [{ ...file, ...digests }] })
}

interface Turns {
  /** In place of the wheel of the first project; undefined for the wheel itself. */
  readonly sendFirst?: (response: ServerResponse, times: number) => boolean
  /** In place of the page of the last project. */
  readonly last?: number
}

/** Tells of the last project only when the wheel of the first was asked for, which a resolution alone never does. */
async function openIndex({ sendFirst, last = 200 }: Turns = {}) {
  let askFirst = () => {}
  const firstAsked = new Promise<void>((resolve) => {
    askFirst = resolve
  })
  let times = 0
  return serve(async ({ url = '' }, response) => {
    const [, kind = '', name = ''] = url.split('/')
    const project = name.split('-')[0]!
    // Also the names of all projects are asked for where one is missing.
    if (!releases.has(project)) return void response.writeHead(404).end()
    const { bytes, metadata } = releases.get(project)!
    if (kind === 'simple' && project === 'third') await firstAsked
    if (kind === 'simple' && project === 'third' && last !== 200) response.writeHead(last).end()
    else if (kind === 'simple') response.end(page(project))
    else if (name.endsWith('.metadata')) response.end(metadata)
    else {
      if (project === 'first') askFirst()
      if (project !== 'first' || !sendFirst?.(response, times++)) response.end(bytes)
    }
  })
}

async function install(turns?: Turns) {
  await using at = await desk()
  await using index = await openIndex(turns)
  const variables = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${index.url}/simple/` }
  const { code, error } = await at.run('install first', variables)
  const wheels = index.paths().filter((path) => path.endsWith('.whl'))
  const temporary = at.folder.join('cache/cheese/v1/tmp')
  const left = existsSync(temporary) ? readdirSync(temporary) : []
  const there = chain.filter((name) => existsSync(`${at.sitePackages}/${name}.py`))
  return { code, error, wheels, left, there }
}

/** Where nothing is fetched ahead the index waits for ever. */
const timeout = 60_000

test('the wheel of a version that is decided is fetched while others are looked for', {
  timeout,
}, async () => {
  const { code, error, wheels, there } = await install()
  assert.equal(code, 0, error)
  assert.deepEqual([there, wheels.length], [chain, 3])
})

test('what came wrong ahead is fetched again when it is installed', { timeout }, async () => {
  const wrong = (response: ServerResponse, times: number) => {
    const { length } = releases.get('first')!.bytes
    if (times === 0) response.end(Buffer.alloc(length))
    return times === 0
  }
  const { code, error, wheels, there } = await install({ sendFirst: wrong })
  assert.equal(code, 0, error)
  assert.deepEqual([there, wheels.length], [chain, 4])
})

test('a resolution that fails waits for no wheel and leaves nothing of it', {
  timeout,
}, async () => {
  const never = (response: ServerResponse) => response.writeHead(200).write('PK')
  const { code, error, left, there } = await install({ sendFirst: never, last: 404 })
  assert.equal(code, 1)
  assert.match(error, /third/)
  assert.deepEqual([left, there], [[], []])
})

test('nothing is fetched for what is only tried, or must have the hashes given', async () => {
  await using at = await desk()
  const files = { CHEESE_NO_INDEX: '0' }
  await using index = await serve(({ url = '' }, response) => {
    const [, kind, name = ''] = url.split('/')
    const known = releases.get(name.split('-')[0]!)!
    if (kind === 'simple') response.end(page(name))
    else response.end(name.endsWith('.metadata') ? known.metadata : known.bytes)
  })
  const variables = { ...files, CHEESE_INDEX_URL: `${index.url}/simple/` }
  assert.equal((await at.run('install --dry-run first', variables)).code, 0)
  assert.equal((await at.run('install --require-hashes first', variables)).code, 1)
  assert.deepEqual(
    index.paths().filter((path) => path.endsWith('.whl')),
    [],
  )
})
