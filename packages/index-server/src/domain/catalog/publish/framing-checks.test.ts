import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { defaultLimits, type TarInput, writeTarGz } from '@cheeseshop/archive'
import { type BuiltDistribution, sdist, wheel } from '@cheeseshop/testing'
import { withBytes } from '../../../testing/catalog.ts'
import { assertAccepted, testChecks } from '../../../testing/check-cases.ts'

const goodWheel = wheel('demo', '1.0').build()
const goodSdist = sdist('demo', '1.0').build()
const bytes = (text: string) => new TextEncoder().encode(text)
const wheelOf = (...parts: Uint8Array[]) => withBytes(goodWheel, Buffer.concat(parts))
const sdistOf = (...parts: Uint8Array[]) => withBytes(goodSdist, Buffer.concat(parts))

/** A good sdist with one member more. */
function sdistWith(member: TarInput): BuiltDistribution {
  return sdistOf(writeTarGz([{ name: 'demo-1.0/PKG-INFO', bytes: goodSdist.metadata }, member]))
}

/** Stored as it is, so that a byte of it can be found and changed. */
const incompressible = createHash('sha512').update('demo').digest()

function corrupted(built: BuiltDistribution): BuiltDistribution {
  const bytes = Buffer.from(built.bytes)
  const place = bytes.indexOf(incompressible.subarray(20, 30))
  bytes[place] = bytes[place]! ^ 1
  return withBytes(built, bytes)
}

/** Renames in both places a zip has a name; in RECORD too, but nobody gets that far. */
function renamed(built: BuiltDistribution, name: { from: string; to: string }): BuiltDistribution {
  const text = Buffer.from(built.bytes).toString('latin1').replaceAll(name.from, name.to)
  return withBytes(built, Buffer.from(text, 'latin1'))
}

testChecks('framing', {
  'archive-invalid': {
    'text for a wheel': { built: wheelOf(bytes('hello')), says: /^Invalid distribution file\. / },
    'nothing for a wheel': { built: wheelOf(), says: /zip/i },
    'an sdist for a wheel': { built: wheelOf(goodSdist.bytes), says: /zip/i },
    'a wheel for an sdist': { built: sdistOf(goodWheel.bytes), says: /gzip/i },
    'a wheel cut short': { built: wheelOf(goodWheel.bytes.subarray(0, -30)), says: /end/ },
    'an sdist cut short': { built: sdistOf(goodSdist.bytes.subarray(0, -30)), says: /end/ },
    'a zip behind an sdist': { built: sdistOf(goodSdist.bytes, goodWheel.bytes), says: /./ },
    'an sdist before a zip': { built: wheelOf(goodSdist.bytes, goodWheel.bytes), says: /./ },
    'bytes behind the zip': { built: wheelOf(goodWheel.bytes, bytes('!')), says: /./ },
    'a file that is not what its checksum says': {
      built: corrupted(wheel('demo', '1.0').file('demo.py', incompressible).build()),
      says: /demo\.py/,
    },
    'a signature that is not what its checksum says': {
      built: corrupted(wheel('demo', '1.0').distInfoFile('RECORD.jws', incompressible).build()),
      says: /RECORD\.jws/,
    },
    'two files of one name': {
      built: renamed(wheel('demo', '1.0').file('a.py', 'good').file('b.py', 'evil').build(), {
        from: 'b.py',
        to: 'a.py',
      }),
      says: /a\.py/,
    },
    'a name that leaves the folder': {
      built: renamed(wheel('demo', '1.0').file('xx/evil.py', '').build(), {
        from: 'xx/evil.py',
        to: '../evil.py',
      }),
      says: /\.\.\/evil\.py/,
    },
    'an absolute name': {
      built: renamed(wheel('demo', '1.0').file('x/etc/passwd', '').build(), {
        from: 'x/etc/passwd',
        to: '//etc/passwd',
      }),
      says: /etc/,
    },
    'an sdist that writes above its folder': {
      built: sdistWith({ name: 'demo-1.0/../../evil', bytes: '' }),
      says: /evil/,
    },
    'a link out of the sdist': {
      built: sdistWith({ name: 'demo-1.0/link', type: 'symlink', linkName: '../../etc/passwd' }),
      says: /link/,
    },
    'a bomb': {
      built: wheel('demo', '1.0').file('zeros', new Uint8Array(2_000_000)).build(),
      rules: { archive: { ...defaultLimits, ratioFrom: 1_000_000 } },
      says: /50 times/,
    },
    'a bomb in an sdist': {
      built: sdist('demo', '1.0').file('zeros', new Uint8Array(2_000_000)).build(),
      rules: { archive: { ...defaultLimits, ratioFrom: 1_000_000 } },
      says: /50 times/,
    },
    'too many members': {
      built: sdistWith({ name: 'demo-1.0/x', bytes: '' }),
      rules: { archive: { ...defaultLimits, entries: 1 } },
      says: /1/,
    },
  },
})

describe('archives that are unusual and yet sound', () => {
  it('accepts a wheel with folders, scripts and long names', () =>
    assertAccepted({
      built: wheel('demo', '1.0')
        .file('demo-1.0.data/scripts/run', '#!python\n')
        .file(`demo/${'x'.repeat(200)}.py`, '')
        .build(),
    }))

  it('accepts a link that stays in the sdist', () =>
    assertAccepted({
      built: sdistWith({ name: 'demo-1.0/link', type: 'symlink', linkName: 'PKG-INFO' }),
    }))
})
