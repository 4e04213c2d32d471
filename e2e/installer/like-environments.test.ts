/** Environments that Python itself makes: of one that is like another Python need not be asked again. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CacheFolder, readInterpreter } from '@cheeseshop/installer'
import { type TemporaryFolder, temporaryFolder } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { findPython } from '../clients/python.ts'

test('what one environment answered is known of the next, which would answer the same', async () => {
  await using shop = await openShop()
  const [first, second] = [await shop.make('first'), await shop.make('second')]
  for (const name of ['python', 'python3']) {
    assert.equal(await shop.isAsked(`${first}/${name}`), true)
    assert.equal(await shop.isAsked(`${second}/${name}`), false)
    const { facts } = await readInterpreter(`${second}/${name}`, shop.cache)
    assert.deepEqual(facts, (await readInterpreter(`${second}/${name}`)).facts)
  }
})

test('one that is made in another way is asked itself', async () => {
  await using shop = await openShop()
  assert.equal(await shop.isAsked(`${await shop.make('first')}/python`), true)
  const others = [
    await shop.make('seeing', '--system-site-packages'),
    await shop.make('copied', '--copies'),
    await shop.make('twice'),
    await shop.make('elsewhere'),
  ]
  const twice = join(shop.path, 'twice', 'pyvenv.cfg')
  writeFileSync(twice, `home = ${shop.path}\n${readFileSync(twice, 'utf8')}`)
  symlinkSync(shop.path, join(shop.path, 'link'))
  for (const bin of [...others.slice(0, 3), join(shop.path, 'link', 'elsewhere', 'bin')]) {
    assert.equal(await shop.isAsked(`${bin}/python`), true, bin)
    const { facts } = await readInterpreter(`${bin}/python`, shop.cache)
    assert.deepEqual(facts, (await readInterpreter(`${bin}/python`)).facts)
  }
})

interface Shop extends AsyncDisposable {
  readonly path: string
  readonly cache: CacheFolder
  /** Returns the folder of its programs. */
  make(name: string, ...options: string[]): Promise<string>
  /** Whether Python is started when its program is read. */
  isAsked(program: string): Promise<boolean>
}

async function openShop(): Promise<Shop> {
  const folder: TemporaryFolder = await temporaryFolder()
  const base = await findPython()
  const cache = new CacheFolder(folder.join('cache'))
  const trace = folder.join('started')
  return {
    path: folder.path,
    cache,
    async make(name, ...options) {
      const path = folder.join(name)
      await mustRun(base.path, ['-m', 'venv', '--without-pip', ...options, path])
      const site = join(path, 'lib', `python${base.version}`, 'site-packages')
      writeFileSync(join(site, 'trace.pth'), `import os; open(${JSON.stringify(trace)}, "w")\n`)
      return join(path, 'bin')
    },
    async isAsked(program) {
      rmSync(trace, { force: true })
      await readInterpreter(program, cache)
      return existsSync(trace)
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}
