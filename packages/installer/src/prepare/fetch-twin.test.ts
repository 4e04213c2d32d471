import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bytesSource, readTarZst, type TarFile, writeTarZst } from '@cheeseshop/archive'
import { ClientError, type DownloadSink } from '@cheeseshop/client'
import {
  normalizeName,
  type ProjectFile,
  parseVersion,
  readWheel,
  writeWheelTwin,
} from '@cheeseshop/packaging'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { CacheFolder } from '../cache/cache-folder.ts'
import type { CachedWheel } from '../cache/cached-wheel.ts'
import { WheelCache } from '../cache/wheel-cache.ts'
import type { PlannedInstall } from '../plan.ts'
import { prepareWheels } from '../prepare.ts'

const demo = normalizeName('demo')
const { filename, bytes } = wheel('demo', '1.0')
  .file('demo/__init__.py', 'x = 1\n')
  .file('demo/data.bin', Buffer.alloc(3_000_000, 'abc'))
  .file('demo-1.0.data/scripts/run', '#!python\nprint(1)\n')
  .entryPoints('[console_scripts]\ndemo = demo:main\n')
  .build()
const twinBytes = Buffer.concat(
  await Array.fromAsync(writeWheelTwin(await readWheel(bytesSource(bytes), filename))),
)
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** The files of the true twin, changed. */
async function forged(change: (files: TarFile[]) => TarFile[]): Promise<Buffer> {
  const files = await Array.fromAsync(readTarZst(bytesSource(twinBytes)), async (member) => {
    const { name, size, mode } = member
    return { name, size, mode, chunks: [await member.bytes()] }
  })
  return Buffer.concat(await Array.fromAsync(writeTarZst(change(files), 3)))
}

function tarFile(name: string, text: string): TarFile {
  const content = Buffer.from(text)
  return { name, size: content.length, chunks: [content] }
}

interface Offer {
  readonly twin: Buffer
  /** What the index serves in its place. */
  readonly served?: Buffer | ClientError
  readonly allowed?: readonly string[]
}

class Shop {
  readonly fetched: string[] = []
  readonly told: string[] = []
  readonly wheels: WheelCache
  readonly #cache: CacheFolder

  constructor(folder: string) {
    this.#cache = new CacheFolder(folder)
    this.wheels = new WheelCache(this.#cache)
  }

  async prepare({ twin, served = twin, allowed }: Offer): Promise<CachedWheel> {
    const url = `https://x.example/${filename}`
    const offered = { url: `${url}.tar.zst`, size: twin.length, sha256: sha256(twin) }
    const hashes = { sha256: sha256(bytes) }
    const file = { filename, url, hashes, size: bytes.length, yanked: false, twin: offered }
    const download = async (wanted: ProjectFile, target: string | DownloadSink) => {
      this.fetched.push(wanted.url.slice(url.length) || 'wheel')
      const content = wanted.url === url ? bytes : served
      if (content instanceof ClientError) throw content
      assert.equal(wanted.size, wanted.url === url ? bytes.length : twin.length)
      assert.ok(typeof target !== 'string')
      await target.write(content)
      return { size: content.length, hashes: { sha256: sha256(content) } }
    }
    const [ready] = await prepareWheels([planned(file)], {
      client: { download },
      cache: this.#cache,
      wheels: this.wheels,
      hashes: new Map(allowed && [[demo, allowed]]),
      buildWheel: () => assert.fail(),
      onEvent: (event) => event.type === 'wheel-warning' && this.told.push(event.message),
    })
    assert.deepEqual(readdirSync(this.#cache.join('tmp')), [], 'nothing is left over')
    return ready!.wheel
  }
}

function planned(file: ProjectFile): PlannedInstall {
  const candidate = { name: demo, version: parseVersion('1.0') }
  const facts = { extras: [], requiredBy: [], dependencies: [], requiresPython: undefined }
  const source = { kind: 'wheel' as const, file, index: undefined }
  return { pin: { candidate, ...facts }, source, replaces: undefined, isRequested: true }
}

async function inShop(use: (shop: Shop) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder()
  const shop = new Shop(folder.path)
  await using _wheels = shop.wheels
  await use(shop)
}

/** Every file with its mode and content, and the manifest without the order of files. */
function contentsOf({ tree, manifest }: CachedWheel) {
  const paths = readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const files = paths.map((path) => [
    path.slice(tree.length),
    statSync(path).mode,
    sha256(readFileSync(path)),
  ])
  const { root, data, ...rest } = manifest
  const record = root.record.split('\n').sort()
  return {
    files,
    record,
    folders: root.folders.toSorted(),
    paths: root.paths.toSorted(),
    data,
    rest,
  }
}

test('a twin gives the tree of its wheel, and the wheel is not fetched', () =>
  inShop(async (shop) => {
    const fromTwin = await shop.prepare({ twin: twinBytes })
    assert.deepEqual([shop.fetched, shop.told], [['.tar.zst'], []])
    const again = await shop.prepare({ twin: twinBytes })
    assert.deepEqual([shop.fetched.length, again.tree], [1, fromTwin.tree])
    const fromWheel = await shop.wheels.add({ filename, source: Uint8Array.from(bytes) })
    assert.notEqual(fromWheel.tree, fromTwin.tree)
    assert.deepEqual(contentsOf(fromTwin), contentsOf(fromWheel))
  }))

test('whoever pins the hash of the wheel gets the wheel, also when its twin is in the cache', () =>
  inShop(async (shop) => {
    const poisoned = await forged((files) => {
      const [record, ...others] = files
      const evil = sha256Row('demo/evil.py', 'import os\n')
      const [listed] = record!.chunks as Uint8Array[]
      const text = Buffer.from(listed!).toString() + evil
      return [tarFile(record!.name, text), ...others, tarFile('demo/evil.py', 'import os\n')]
    })
    const wrong = await shop.prepare({ twin: poisoned })
    assert.ok(
      wrong.manifest.root.paths.includes('demo/evil.py'),
      'an index may lie of its own files',
    )
    const allowed = [`sha256:${sha256(bytes)}`]
    const pinned = await shop.prepare({ twin: poisoned, allowed })
    assert.deepEqual(shop.fetched, ['.tar.zst', 'wheel'])
    assert.equal(pinned.sha256, sha256(bytes))
    assert.ok(!pinned.manifest.root.paths.includes('demo/evil.py'))
  }))

function sha256Row(path: string, text: string): string {
  return `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${text.length}\n`
}

test('a twin that is not as promised, or not there, is passed over for the wheel, with a warning', () =>
  inShop(async (shop) => {
    const facts = { url: 'https://x.example/' }
    const named = (name: string) => (file: TarFile) => file.name === name
    const offers: [what: RegExp, offer: Offer][] = [
      [/sha256 is/, { twin: twinBytes, served: Buffer.alloc(twinBytes.length) }],
      [/gone/, { twin: twinBytes, served: new ClientError('not-found', 'It is gone.', facts) }],
      [/damaged/, { twin: Buffer.from('no Zstandard') }],
      [/does not list/, { twin: await forged((files) => [...files, tarFile('demo/evil.py', '')]) }],
      [/lacks a file/, { twin: await forged((files) => files.slice(0, -1)) }],
      [
        /digest of demo\/__init__\.py/,
        {
          twin: await forged((files) =>
            files.map((file) =>
              named('demo/__init__.py')(file) ? tarFile(file.name, 'x = 2\n') : file,
            ),
          ),
        },
      ],
      [
        /has "\.\." in it/,
        { twin: await forged((files) => [...files, tarFile('../../evil.py', '')]) },
      ],
    ]
    for (const [what, offer] of offers) {
      shop.told.length = shop.fetched.length = 0
      const ready = await shop.prepare(offer)
      assert.equal(ready.sha256, sha256(bytes))
      assert.match(shop.told.join(), what)
      shop.wheels.discard(ready.sha256, 'the next case')
      assert.equal(shop.wheels.get(sha256(offer.twin)), undefined, 'nothing of it is kept')
    }
  }))

test('an index that is down is told of at once, and not asked for the wheel too', () =>
  inShop(async (shop) => {
    const down = new ClientError('connection', 'It is down.', { url: 'https://x.example/' })
    await assert.rejects(shop.prepare({ twin: twinBytes, served: down }), /It is down/)
    assert.deepEqual(shop.fetched, ['.tar.zst'])
  }))
