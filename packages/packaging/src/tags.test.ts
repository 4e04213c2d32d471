import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKnownPlatformTag } from './platform/known-platform-tag.ts'
import { supportedTags } from './supported-tags.ts'
import { formatTag, InvalidTag, parseTag } from './tags.ts'

test('a compressed tag stands for every combination, once', () => {
  const tags = parseTag('py2.py3-none-any.ANY.win32').map(formatTag)
  assert.deepEqual(tags, ['py2-none-any', 'py2-none-win32', 'py3-none-any', 'py3-none-win32'])
})

test('a tag that would stand for too many is refused', () => {
  const many = Array.from({ length: 17 }, (_, index) => `a${index}`).join('.')
  assert.throws(() => parseTag(`${many}-${many}-${many}`), /more than 4096/)
  assert.throws(() => parseTag(`${'a.'.repeat(1e6)}a-none-any`), InvalidTag)
})

test('the best tag of a machine is its own, and the last any old Python', () => {
  const linux = supportedTags({
    implementation: 'cpython',
    version: [3, 13],
    isFreeThreaded: true,
    isDebug: true,
    platform: { platform: 'linux', arch: 'x86_64', glibc: [2, 17] },
  }).map(formatTag)
  assert.deepEqual(linux.slice(0, 2), [
    'cp313-cp313td-linux_x86_64',
    'cp313-cp313td-manylinux_2_17_x86_64',
  ])
  assert.equal(linux.at(-1), 'py30-none-any')
  const place = (tag: string) => linux.indexOf(tag)
  // The release build of the same version, its stable ABI, older stable ABIs, pure Python.
  const order = [
    'cp313-cp313t-linux_x86_64',
    'cp313-abi3t-linux_x86_64',
    'cp313-none-linux_x86_64',
    'cp312-abi3t-linux_x86_64',
    'py313-none-linux_x86_64',
    'cp313-none-any',
    'py313-none-any',
    'py3-none-any',
  ]
  assert.deepEqual(
    order.map(place),
    order.map(place).toSorted((a, b) => a - b),
  )
  assert.equal(place('cp313-abi3-linux_x86_64'), -1)
})

test('PyPy has its own ABIs and the tag of its language', () => {
  const tags = supportedTags({
    implementation: 'pypy',
    version: [3, 10],
    abis: ['pypy310_pp73'],
    platform: { platform: 'macos', version: [11, 0], arch: 'arm64' },
  }).map(formatTag)
  assert.equal(tags[0], 'pp310-pypy310_pp73-macosx_11_0_arm64')
  assert.ok(tags.includes('pp310-none-macosx_11_0_arm64'))
  assert.ok(tags.includes('pp3-none-any'))
  assert.ok(!tags.some((tag) => tag.includes('abi3')))
})

const known = [
  'any',
  'win32',
  'win_amd64',
  'win_arm64',
  'win_ia64',
  'manylinux1_x86_64',
  'manylinux2010_i686',
  'manylinux2014_s390x',
  'manylinux_2_28_aarch64',
  'manylinux_2_39_riscv64',
  'manylinux_2_17_ppc64',
  'musllinux_1_2_armv7l',
  'linux_armv6l',
  'linux_armv7l',
  'macosx_10_9_universal2',
  'macosx_11_0_arm64',
  'macosx_15_0_x86_64',
  'macosx_26_0_arm64',
  'ios_13_0_arm64_iphoneos',
  'android_21_arm64_v8a',
  'pyemscripten_2026_0_wasm32',
]
const unknown = [
  '',
  'linux_x86_64',
  'linux_aarch64',
  'win64',
  'manylinux1_aarch64',
  'manylinux2014_riscv64',
  'manylinux_2_28_mips',
  'manylinux_2_x86_64',
  'musllinux_1_2_ppc64',
  'macosx_16_0_arm64',
  'macosx_11_1_arm64',
  'macosx_11_0_mips',
  'macosx_9_0_ppc',
  'ios_13_0_x86_64_iphoneos',
  'android_21_mips',
  'emscripten_4_0_9_wasm32',
  'any ',
  'Any',
  'cygwin_3_5_x86_64',
  `manylinux_2_${'1'.repeat(200)}_x86_64`,
]

test('an index takes the platforms an installer can decide on, and no others', () => {
  for (const tag of known) assert.ok(isKnownPlatformTag(tag), tag)
  for (const tag of unknown) assert.ok(!isKnownPlatformTag(tag), tag)
})
