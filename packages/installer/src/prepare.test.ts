import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { DownloadSink } from '@cheeseshop/client'
import {
  normalizeName,
  type ProjectFile,
  parseRequirement,
  parseVersion,
} from '@cheeseshop/packaging'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { CacheFolder } from './cache/cache-folder.ts'
import { WheelCache } from './cache/wheel-cache.ts'
import type { PlannedInstall } from './plan.ts'
import { prepareWheels } from './prepare.ts'

const demo = normalizeName('demo')
const { filename, bytes } = wheel('demo', '1.0').file('demo.py', 'x = 1\n').build()
const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex')

function planned(more: Partial<ProjectFile>, url?: string): PlannedInstall {
  const file = {
    filename,
    url: `https://x.example/${filename}`,
    hashes: {},
    yanked: false,
    ...more,
  }
  const candidate = { name: demo, version: parseVersion('1.0'), ...(url && { url }) }
  const requirement = parseRequirement('demo')
  const by = { name: undefined, extra: undefined, requirement, statedIn: 'a test' }
  const pin = {
    candidate,
    extras: [],
    requiredBy: [by],
    dependencies: [],
    requiresPython: undefined,
  }
  const kind = file.filename.endsWith('.whl') ? 'wheel' : 'sdist'
  return { pin, source: { kind, file, index: undefined }, replaces: undefined, isRequested: true }
}

async function prepare(each: PlannedInstall, allowed?: string[], times = 1) {
  await using folder = await temporaryFolder()
  const cache = new CacheFolder(folder.path)
  await using wheels = new WheelCache(cache)
  let downloads = 0
  const client = {
    async download(_: ProjectFile, target: string | DownloadSink) {
      downloads += 1
      if (typeof target === 'string') writeFileSync(target, bytes)
      else await target.write(bytes)
      return { size: bytes.length, hashes: { sha256: digest('sha256') } }
    },
  }
  const hashes = new Map(allowed ? [[demo, allowed]] : [])
  const built = folder.join(filename)
  const buildWheel = async ({ source }: PlannedInstall) => {
    assert.equal(source.kind, 'sdist')
    writeFileSync(built, bytes)
    return { filename, path: built, sourceSha256: 'ab' }
  }
  for (let at = 1; at < times; at += 1)
    await prepareWheels([each], { client, cache, wheels, hashes, buildWheel })
  const [ready] = await prepareWheels([each], { client, cache, wheels, hashes, buildWheel })
  assert.deepEqual(readdirSync(cache.join('tmp')), [], 'nothing is left of the download')
  assert.ok(existsSync(`${ready!.wheel.tree}/demo.py`))
  return { ready: ready!, downloads }
}

test('a file goes through memory when its size is known, and over the disk when it is not', async () => {
  assert.equal(
    (await prepare(planned({ size: bytes.length }))).ready.wheel.sha256,
    digest('sha256'),
  )
  assert.equal((await prepare(planned({}))).ready.wheel.sha256, digest('sha256'))
})

test('what is in the cache is not downloaded again', async () => {
  const hashes = { sha256: digest('sha256') }
  assert.equal((await prepare(planned({ hashes }), undefined, 2)).downloads, 1)
})

test('only a file with an allowed hash is taken, whatever the index says of it', async () => {
  await prepare(planned({}), [`sha256:${digest('sha256')}`])
  await prepare(planned({ size: bytes.length }), ['sha256:00', `sha512:${digest('sha512')}`])
  const wrong = prepare(planned({ hashes: { sha256: digest('sha256') } }), ['sha256:00'])
  await assert.rejects(
    wrong,
    /demo-1\.0-py3-none-any\.whl is none of the files that are allowed: it has sha256:[0-9a-f]{64}, and sha256:00 is expected/,
  )
})

test('of a direct URL neither credentials nor fragment are remembered', async () => {
  const url = `https://ada:secret@x.example/${filename}#sha256=00`
  const { ready } = await prepare(planned({}, url))
  const archiveInfo = { hashes: { sha256: digest('sha256') } }
  assert.deepEqual(ready.directUrl, { url: `https://x.example/${filename}`, archiveInfo })
})

test('of a direct URL to an sdist the hash is that of the sdist, and not of what was built of it', async () => {
  const url = 'https://x.example/demo-1.0.tar.gz'
  const file = { filename: 'demo-1.0.tar.gz', url }
  const { ready, downloads } = await prepare(planned(file, url))
  assert.deepEqual(ready.directUrl, { url, archiveInfo: { hashes: { sha256: 'ab' } } })
  assert.equal(downloads, 0)
})

test('a full disk is told with the folder that is full, though the system names none', async () => {
  await using folder = await temporaryFolder()
  const cache = new CacheFolder(folder.path)
  await using wheels = new WheelCache(cache)
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  })
  const client = { download: () => Promise.reject(full) }
  const buildWheel = () => Promise.reject(new Error('nothing is built'))
  const tools = { client, cache, wheels, hashes: new Map(), buildWheel }
  await assert.rejects(prepareWheels([planned({})], tools), {
    name: 'WriteFailure',
    message: `${cache.path} cannot be written: no space is left on the file system. Free some, and run it again.`,
  })
})
