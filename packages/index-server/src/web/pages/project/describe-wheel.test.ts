import assert from 'node:assert/strict'
import { it } from 'node:test'
import { describeWheel } from './describe-wheel.ts'

it('says in words what a wheel is for', () => {
  const cases: [tags: string, words: string][] = [
    ['py3-none-any', 'Wheel for Python 3'],
    ['py2.py3-none-any', 'Wheel for Python 2 or Python 3'],
    ['cp312-cp312-win_amd64', 'Wheel for CPython 3.12 on Windows x86-64'],
    ['cp39-abi3-win32', 'Wheel for CPython 3.9 on Windows x86'],
    ['cp312-cp312-macosx_11_0_arm64', 'Wheel for CPython 3.12 on macOS 11.0 or later, ARM64'],
    [
      'cp313-cp313t-manylinux_2_17_x86_64.manylinux2014_x86_64',
      'Wheel for CPython 3.13 on Linux x86-64 (glibc 2.17 or later)',
    ],
    [
      'pp310-pypy310_pp73-musllinux_1_2_aarch64',
      'Wheel for PyPy 3.10 on Linux ARM64 (musl 1.2 or later)',
    ],
    ['cp312-cp312-linux_armv7l', 'Wheel for CPython 3.12 on linux_armv7l'],
    ['cp313-cp313-ios_13_0_arm64_iphoneos', 'Wheel for CPython 3.13 on ios_13_0_arm64_iphoneos'],
    ['xy1z-none-any', 'Wheel for xy1z'],
  ]
  for (const [tags, words] of cases) assert.equal(describeWheel(`demo-1.0-${tags}.whl`), words)
})
