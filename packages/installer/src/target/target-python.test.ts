import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTag } from '@cheeseshop/packaging'
import { Interpreter } from '../environment/interpreter.ts'
import { factsFor } from '../workshop.fixture.ts'
import { retarget, type TargetWish } from './target-python.ts'

/** CPython 3.12 on Linux. */
const here = new Interpreter(factsFor('/venv'))

function aim(wish: TargetWish) {
  const { tags, markers, version } = retarget(here, wish)
  return { tags: tags.map(formatTag), markers, version: version.toString() }
}

test('a platform by its name has the tags and the markers of that system', () => {
  const windows = aim({ platform: 'windows', pythonVersion: '3.11' })
  assert.deepEqual(windows.tags.slice(0, 3), [
    'cp311-cp311-win_amd64',
    'cp311-abi3-win_amd64',
    'cp311-none-win_amd64',
  ])
  assert.equal(windows.tags.at(-1), 'py30-none-any')
  assert.equal(windows.version, '3.11.0')
  const { os_name, sys_platform, platform_system, platform_machine, python_version } =
    windows.markers
  assert.deepEqual(
    [os_name, sys_platform, platform_system, platform_machine, python_version],
    ['nt', 'win32', 'Windows', 'AMD64', '3.11'],
  )
  for (const [name, tag] of [
    ['linux', 'cp312-cp312-manylinux_2_28_x86_64'],
    ['aarch64-manylinux_2_35', 'cp312-cp312-manylinux_2_35_aarch64'],
    ['aarch64-manylinux2014', 'cp312-cp312-manylinux2014_aarch64'],
    ['x86_64-unknown-linux-musl', 'cp312-cp312-musllinux_1_2_x86_64'],
    ['macos', 'cp312-cp312-macosx_13_0_arm64'],
    ['x86_64-apple-darwin', 'cp312-cp312-macosx_10_16_universal2'],
    ['i686-pc-windows-msvc', 'cp312-cp312-win32'],
    ['aarch64-linux-android', 'cp312-cp312-android_24_arm64_v8a'],
    ['arm64-apple-ios-simulator', 'cp312-cp312-ios_13_0_arm64_iphonesimulator'],
    ['wasm32-pyodide2024', 'cp312-cp312-pyodide_2024_0_wasm32'],
  ] as const) {
    assert.ok(aim({ platform: name }).tags.includes(tag), `${name} has ${tag}`)
  }
})

test('platform tags bring those of older systems along, as many as are named', () => {
  const { tags } = aim({ platformTags: ['manylinux_2_17_x86_64', 'win_amd64'], abis: ['cp312'] })
  const ofOwn = tags.filter((tag) => tag.startsWith('cp312-cp312-'))
  assert.equal(ofOwn[0], 'cp312-cp312-manylinux_2_17_x86_64')
  assert.ok(ofOwn.includes('cp312-cp312-manylinux1_x86_64'))
  assert.ok(!ofOwn.includes('cp312-cp312-linux_x86_64'), 'a wheel of one machine is for no other')
  assert.equal(ofOwn.at(-1), 'cp312-cp312-win_amd64')
  assert.deepEqual(
    aim({ platformTags: ['strange'] }).tags.filter((tag) => /^cp312-cp312/.test(tag)),
    ['cp312-cp312-strange'],
  )
})

test('another implementation has its own tags, markers, and those of pure Python', () => {
  const { tags, markers } = aim({
    implementation: 'pp',
    abis: ['pypy39_pp73'],
    pythonVersion: '39',
  })
  assert.match(tags[0]!, /^pp39-pypy39_pp73-/)
  assert.ok(tags.includes('py3-none-any'))
  assert.equal(markers.implementation_name, 'pypy')
  assert.equal(markers.platform_python_implementation, 'PyPy')
})

test('what is no platform and no version is refused with what would do', () => {
  assert.throws(() => aim({ platform: 'amiga' }), { name: 'InvalidTarget', hint: /linux, macos/ })
  assert.throws(() => aim({ platform: 'constructor' }), { name: 'InvalidTarget' })
  assert.throws(() => aim({ platform: 'sparc-pc-windows-msvc' }), { name: 'InvalidTarget' })
  assert.throws(() => aim({ pythonVersion: '3.x' }), {
    name: 'InvalidTarget',
    hint: /3\.12 or 312/,
  })
})
