import { writeZip } from '@cheeseshop/archive'
import { sdist, wheel } from '@cheeseshop/testing'
import { withBytes } from '../../../testing/catalog.ts'
import { testChecks } from '../../../testing/check-cases.ts'

const pkgInfo = 'Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n'

testChecks('filename', {
  'filename-unprintable': {
    'a tab': {
      filename: 'demo-1.0\t-py3-none-any.whl',
      also: ['wheel-filename-wrong'],
      says: /control/,
    },
    'a DEL': {
      filename: 'demo-1.0-py3-none-any\x7f.whl',
      also: ['wheel-filename-wrong'],
      says: /control/,
    },
  },
  'filename-with-separator': {
    'a folder': {
      filename: '../demo-1.0-py3-none-any.whl',
      also: ['wheel-filename-wrong'],
      says: /folder/,
    },
    'a folder of Windows': {
      filename: 'a\\demo-1.0-py3-none-any.whl',
      also: ['wheel-filename-wrong'],
      says: /folder/,
    },
  },
  'filename-extension': {
    'an installer': { filename: 'demo-1.0.exe', also: ['wheel-filename-wrong'], says: /\.exe/ },
    'an sdist said to be a wheel': {
      filename: 'demo-1.0.tar.gz',
      also: ['wheel-filename-wrong'],
      says: /bdist_wheel/,
    },
    'a zip sdist': {
      built: withBytes(
        sdist('demo', '1.0').named('demo-1.0.zip').build(),
        writeZip([{ name: 'demo-1.0/PKG-INFO', bytes: pkgInfo }]),
      ),
      also: ['sdist-filename-wrong'],
      says: /\.tar\.gz/,
    },
  },
  'content-type-wrong': {
    'an image': { contentType: 'image/png', says: /image\/png/ },
    'no content type': { contentType: '', says: /content type ""/ },
  },
  'sdist-filename-wrong': {
    'a name with a dash': {
      built: sdist('my-demo', '1.0').named('my-demo-1.0.tar.gz').build(),
      says: /"my-demo-1\.0\.tar\.gz" is invalid, should be "my_demo-1\.0\.tar\.gz"/,
    },
    capitals: {
      built: sdist('Demo', '1.0').named('Demo-1.0.tar.gz').build(),
      says: /"demo-1\.0\.tar\.gz"/,
    },
    'a version in another spelling': {
      built: sdist('demo', '1.0').named('demo-1.0.0.tar.gz').build(),
      says: /"demo-1\.0\.tar\.gz"/,
    },
    'another project': {
      built: sdist('demo', '1.0').named('other-1.0.tar.gz').build(),
      also: ['metadata-of-other-file'],
      says: /"demo-1\.0\.tar\.gz"/,
    },
  },
  'wheel-filename-wrong': {
    'too few parts': { filename: 'demo-1.0-any.whl', says: /five or six parts/ },
    'a build tag that starts with a letter': {
      filename: 'demo-1.0-x-py3-none-any.whl',
      says: /build tag/,
    },
  },
  'wheel-name-wrong': {
    capitals: {
      built: wheel('Demo', '1.0')
        .named('Demo-1.0-py3-none-any.whl')
        .distInfo('Demo-1.0.dist-info')
        .build(),
      says: /"demo", not "Demo"/,
    },
    'another project': {
      filename: 'other-1.0-py3-none-any.whl',
      also: ['dist-info-wrong', 'metadata-of-other-file'],
      says: /"demo", not "other"/,
    },
  },
  'wheel-version-wrong': {
    'another version': {
      filename: 'demo-1.1-py3-none-any.whl',
      also: ['dist-info-wrong', 'metadata-of-other-file'],
      says: /"1\.0" not "1\.1"/,
    },
  },
  'platform-tag-unsupported': {
    'plain Linux': {
      built: wheel('demo', '1.0').tag('py3-none-linux_x86_64').build(),
      says: /linux_x86_64/,
    },
    'a macOS that never was': {
      built: wheel('demo', '1.0').tag('py3-none-macosx_17_0_arm64').build(),
      says: /macosx_17_0/,
    },
    'one of two platforms': {
      built: wheel('demo', '1.0').tag('py3-none-manylinux1_x86_64.linux_x86_64').build(),
      says: /"linux_x86_64"/,
    },
  },
})
