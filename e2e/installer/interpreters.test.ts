import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  CacheFolder,
  createEnvironment,
  findInterpreter,
  readInterpreter,
} from '@cheeseshop/installer'
import { formatTag } from '@cheeseshop/packaging'
import { temporaryFolder } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { clientFolder } from '../clients/environments.ts'
import { findPython } from '../clients/python.ts'

test('an interpreter says of itself what pip says of it', async () => {
  const python = join(await clientFolder('pip'), 'bin', 'python')
  const interpreter = await readInterpreter(python)
  const script = `
import json, sys
from pip._vendor.packaging.markers import default_environment
from pip._vendor.packaging.tags import sys_tags
from pip._internal.locations import get_scheme
scheme = get_scheme('demo')
print(json.dumps({'markers': default_environment(), 'tags': [str(tag) for tag in sys_tags()],
  'paths': {key: getattr(scheme, key) for key in ('purelib', 'platlib', 'scripts', 'headers', 'data')},
  'cacheTag': sys.implementation.cache_tag}))`
  const told = JSON.parse((await mustRun(python, ['-c', script])).stdout)
  const { paths, cacheTag } = interpreter.facts
  assert.deepEqual({ ...interpreter.markers }, told.markers)
  assert.deepEqual(interpreter.tags.map(formatTag), told.tags)
  assert.deepEqual({ ...paths, headers: join(paths.headers, 'demo') }, told.paths)
  assert.equal(cacheTag, told.cacheTag)
})

test('a new environment is what Python makes of it, and Python was not asked', async () => {
  await using folder = await temporaryFolder()
  const cache = new CacheFolder(folder.join('cache'))
  const interpreter = await readInterpreter((await findPython()).path, cache)
  const created = createEnvironment(folder.join('env'), { interpreter, cache })
  const { baseExecutable: _, sitePackages, ...told } = created.facts
  const asked = await readInterpreter(created.executable)
  const { baseExecutable, sitePackages: found, ...facts } = asked.facts
  assert.deepEqual(told, facts)
  assert.equal(sitePackages[0], found[0])
  const version = (await mustRun(baseExecutable, ['-c', 'import sys; print(sys.version)'])).stdout
  assert.ok(version.startsWith(facts.markers.python_full_version))
  const activate = `. '${folder.join('env', 'bin', 'activate')}'; python -c 'import sys; print(sys.prefix)'; deactivate; echo "$VIRTUAL_ENV"`
  assert.equal((await mustRun('sh', ['-c', activate])).stdout, `${folder.join('env')}\n\n`)
})

test('an interpreter tells paths with quotes, backslashes and letters of all kinds as they are', async () => {
  await using folder = await temporaryFolder()
  const cache = new CacheFolder(folder.join('cache'))
  const interpreter = await readInterpreter((await findPython()).path, cache)
  const prefix = folder.join('a "b" \\ é 木 🧀')
  const { executable } = createEnvironment(prefix, { interpreter, cache })
  assert.equal((await readInterpreter(executable)).facts.prefix, prefix)
})

test('the python of a shell is found here, and by its version', async () => {
  await using folder = await temporaryFolder()
  const cache = new CacheFolder(folder.join('cache'))
  const python = await findPython()
  const interpreter = await readInterpreter(python.path, cache)
  createEnvironment(folder.join('.venv'), { interpreter, cache })
  const options = { cache, folder: folder.path, env: { PATH: '' } }
  for (const wish of [undefined, python.version, '.venv']) {
    const found = await findInterpreter({ ...options, python: wish })
    assert.equal(found.facts.prefix, folder.join('.venv'))
  }
})
