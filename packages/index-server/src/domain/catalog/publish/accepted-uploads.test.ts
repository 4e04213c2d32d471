import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writeZip } from '@cheeseshop/archive'
import { sdist, wheel } from '@cheeseshop/testing'
import { addUser, publish, withBytes } from '../../../testing/catalog.ts'
import { assertAccepted, type CheckCase } from '../../../testing/check-cases.ts'
import { eachDatabase } from '../../../testing/each-database.ts'
import { testDomain } from '../../../testing/test-domain.ts'
import { deleteFile } from '../files.ts'
import { defaultUploadRules } from '../upload-rules.ts'

/** What comes close to a check and yet must pass. */
const accepted: Record<string, Omit<CheckCase, 'says' | 'also'>> = {
  'SHA-256 alone': { fields: { md5_digest: undefined } },
  'MD5 alone': { fields: { sha256_digest: undefined } },
  'a digest in capitals': {
    fields: {
      sha256_digest: [...wheel('demo', '1.0').build().fields.get('sha256_digest')!].map((digest) =>
        digest.toUpperCase(),
      ),
    },
  },
  'no protocol version': { fields: { protocol_version: undefined } },
  'an sdist without pyversion': {
    built: sdist('demo', '1.0').build(),
    fields: { pyversion: undefined },
  },
  'UNKNOWN for what distutils was not told': {
    built: wheel('demo', '1.0')
      .header('Home-page', 'UNKNOWN')
      .header('Author-email', 'UNKNOWN')
      .build(),
  },
  'the empty requires_python that uv sends': { fields: { requires_python: '' } },
  'a signature and attestations beside the file': {
    fileFields: ['content', 'gpg_signature', 'attestations'],
  },
  'a form that says little of what the file says': {
    built: wheel('demo', '1.0')
      .requires('x>=1')
      .requiresPython('>=3.9')
      .header('Provides-Extra', 'x')
      .build(),
    fields: { requires_dist: undefined, requires_python: undefined, provides_extra: undefined },
  },
  'a form that words the same differently': {
    built: wheel('demo_pkg', '1.0')
      .requires('Foo.Bar[b,a] (>=1.0,<2) ; python_version<"3.8"', 'baz')
      .requiresPython('>=3.8,<4')
      .header('Provides-Extra', 'all_of_it')
      .build(),
    fields: {
      name: 'demo-pkg',
      version: '1.0.0',
      requires_dist: ['baz', 'foo-bar[a,b]<2,>=1.0; python_version < "3.8"'],
      requires_python: '<4, >=3.8',
      provides_extra: 'all-of-it',
    },
  },
  'metadata newer than we know, with a field of the future': {
    built: wheel('demo', '1.0').metadataVersion('2.9').header('Flavour', 'Wensleydale').build(),
  },
  'a field of somebody’s own': {
    built: wheel('demo', '1.0').header('X-Own', '1').build(),
    fields: { x_own: undefined },
  },
  'a licence file as setuptools named it before 2.4': {
    built: wheel('demo', '1.0').metadataVersion('2.1').header('License-File', 'LICENSE').build(),
  },
  'a licence file where it belongs': {
    built: wheel('demo', '1.0').licenseFile('LICENSES/MIT.txt', 'MIT').build(),
  },
  'a wheel with a build tag and several platforms': {
    built: wheel('demo', '1.0')
      .buildTag('2b')
      .tag('cp312-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64')
      .build(),
  },
  'a backport that shares its name with a module': {
    built: wheel('importlib-metadata', '1.0').build(),
  },
  'a name that looks alike and is permitted': {
    built: wheel('he110', '1.0').build(),
    before: (domain, ann) => publish(domain, ann, wheel('hello', '1.0').build()),
    rules: { permittedNames: ['he110'] },
  },
  'a reserved name for a project that exists': {
    built: wheel('demo', '1.1').build(),
    before: (domain, ann) =>
      publish({ ...domain, rules: defaultUploadRules }, ann, wheel('demo', '1.0').build()),
    rules: { reservedNames: ['demo'], newProjectsOff: true },
  },
  'a local version where they are allowed': {
    built: wheel('demo', '1.0+cpu').build(),
    rules: { localVersions: true },
  },
  'a release that is open still': {
    built: wheel('demo', '1.0').build(),
    before: (domain, ann) => publish(domain, ann, sdist('demo', '1.0').build()),
    rules: { releaseClosesAfterDays: 14 },
  },
  'names that differ in case alone': {
    built: wheel('demo', '1.0').file('demo/a.py', '').file('demo/A.py', '1').build(),
  },
  'a zip sdist where legacy filenames are allowed': {
    built: withBytes(
      sdist('demo', '1.0').named('demo-1.0.zip').build(),
      writeZip([
        { name: 'demo-1.0/PKG-INFO', bytes: 'Metadata-Version: 1.0\nName: demo\nVersion: 1.0\n' },
      ]),
    ),
    rules: { legacyFilenames: true },
  },
  'an sdist named as before PEP 625': {
    built: sdist('My-Demo', '1.0').named('My-Demo-1.0.0.tar.gz').build(),
    rules: { legacyFilenames: true },
  },
  'a wheel named as before names were normalized': {
    built: wheel('Flask-Login', '1.0')
      .named('Flask_Login-1.0-py3-none-any.whl')
      .distInfo('Flask_Login-1.0.dist-info')
      .build(),
    rules: { legacyFilenames: true },
  },
}

describe('uploads that must be accepted', () => {
  for (const [title, each] of Object.entries(accepted)) it(title, () => assertAccepted(each))
})

eachDatabase((name, open) => {
  it(`a file again after another of its release was deleted, on ${name}`, async () => {
    await using db = await open()
    const domain = testDomain(db)
    const ann = await addUser(domain, 'ann')
    const { file } = await publish(domain, ann, sdist('demo', '1.0').build())
    await deleteFile(domain, ann, { project: 'demo', filename: file.filename })
    const { status } = await publish(domain, ann, wheel('demo', '1.0').build())
    assert.equal(status, 'published')
  })
})
