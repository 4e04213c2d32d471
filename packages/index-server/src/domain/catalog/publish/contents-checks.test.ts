import { writeZip } from '@cheeseshop/archive'
import { sdist, wheel } from '@cheeseshop/testing'
import { withBytes } from '../../../testing/catalog.ts'
import { testChecks } from '../../../testing/check-cases.ts'

testChecks('contents', {
  'dist-info-wrong': {
    'no dist-info': {
      built: withBytes(wheel('demo', '1.0').build(), writeZip([{ name: 'demo.py', bytes: '' }])),
      also: ['record-wrong'],
      says: /\.dist-info/,
    },
    'a dist-info of another version': {
      built: wheel('demo', '1.0').distInfo('demo-2.0.dist-info').build(),
      says: /demo-1\.0\.dist-info/,
    },
    'two dist-infos': {
      built: wheel('demo', '1.0').file('other-1.0.dist-info/METADATA', 'x').build(),
      says: /2 \.dist-info/,
    },
    'a dist-info in another spelling': {
      built: wheel('demo', '1.0').distInfo('Demo-1.0.dist-info').build(),
      says: /Demo-1\.0/,
    },
    'no WHEEL': { built: wheel('demo', '1.0').without('WHEEL').build(), says: /WHEEL/ },
  },
  'sdist-root-wrong': {
    'two top folders': {
      built: sdist('demo', '1.0').fileOutsideRoot('other/x', '').build(),
      says: /other/,
    },
    'no PKG-INFO': {
      built: sdist('demo', '1.0').withoutPkgInfo().build(),
      says: /PKG-INFO/,
    },
  },
  'license-file-missing': {
    'a wheel that names one it has not': {
      built: wheel('demo', '1.0').header('License-File', 'LICENSE').build(),
      says: /demo-1\.0\.dist-info\/licenses\/LICENSE/,
    },
    'an sdist that names one it has not': {
      built: sdist('demo', '1.0').header('License-File', 'COPYING').build(),
      says: /COPYING/,
    },
  },
  'metadata-missing': {
    'a wheel without METADATA': {
      built: wheel('demo', '1.0').without('METADATA').build(),
      says: /METADATA/,
    },
  },
  'metadata-of-other-file': {
    'METADATA of another project': {
      built: wheel('demo', '1.0')
        .metadataText('Metadata-Version: 2.4\nName: other\nVersion: 1.0\n')
        .build(),
      also: ['metadata-differs'],
      says: /"other"/,
    },
    'PKG-INFO of another version': {
      built: sdist('demo', '1.0')
        .metadataText('Metadata-Version: 2.4\nName: demo\nVersion: 2.0\n')
        .build(),
      also: ['metadata-differs'],
      says: /"2\.0"/,
    },
  },
  'record-wrong': {
    'no RECORD': { built: wheel('demo', '1.0').without('RECORD').build(), says: /RECORD/ },
    'a file that RECORD does not list': {
      built: wheel('demo', '1.0')
        .file('demo.py', '')
        .editRecord((text) => text.replace(/^demo\.py.*\n/m, ''))
        .build(),
      says: /demo\.py, which RECORD does not list/,
    },
    'a file only RECORD knows': {
      built: wheel('demo', '1.0')
        .editRecord((text) => `ghost.py,,\n${text}`)
        .build(),
      says: /ghost\.py/,
    },
    'a hash that is not the file’s': {
      built: wheel('demo', '1.0')
        .file('demo.py', 'good')
        .editRecord((text) => text.replace(/^(demo\.py,sha256=)[^,]+/m, `$1${'A'.repeat(43)}`))
        .build(),
      says: /digest of demo\.py/,
    },
    'a file without a hash': {
      built: wheel('demo', '1.0')
        .file('demo.py', 'good')
        .editRecord((text) => text.replace(/^demo\.py,.*$/m, 'demo.py,,'))
        .build(),
      says: /no digest for demo\.py/,
    },
  },
  'entry-points-unsafe': {
    'a script that leaves its folder': {
      built: wheel('demo', '1.0').entryPoints('[console_scripts]\n../evil = demo:main\n').build(),
      says: /\.\.\/evil/,
    },
    'a file that is no INI': {
      built: wheel('demo', '1.0').entryPoints('[console_scripts\nx').build(),
      says: /entry_points/,
    },
  },
})
