import { sdist, wheel } from '@cheeseshop/testing'
import { testChecks } from '../../../testing/check-cases.ts'

testChecks('form', {
  'field-is-file': {
    'a text field sent as a file': { fileFields: ['content', 'summary'], says: /"summary"/ },
  },
  'field-repeated': {
    'two names': { fields: { name: ['demo', 'other'] }, says: /"name" was sent 2 times/ },
  },
  'protocol-version-unknown': {
    'a protocol from the future': { fields: { protocol_version: '2' }, says: /"2"/ },
  },
  'name-invalid': {
    'no name': { fields: { name: undefined }, says: /no name/ },
    'a name that ends in a dash': {
      fields: { name: 'demo-' },
      also: ['metadata-differs'],
      says: /"demo-"/,
    },
    'a name with a Cyrillic letter': {
      fields: { name: 'dеmo' },
      also: ['metadata-differs'],
      says: /ASCII/,
    },
    'a name with a new line at its end': { fields: { name: 'demo\n' }, says: /"demo\\n"/ },
    UNKNOWN: { fields: { name: 'UNKNOWN' }, says: /no name/ },
  },
  'version-invalid': {
    'no version': { fields: { version: undefined }, says: /no version/ },
    'a version that is none': {
      fields: { version: 'one' },
      also: ['metadata-differs'],
      says: /"one"/,
    },
    'a NUL in the version': {
      fields: { version: '1.0\0' },
      also: ['metadata-differs'],
      says: /x00/,
    },
  },
  'filetype-unknown': {
    'no filetype': { fields: { filetype: undefined }, says: /no filetype/ },
    'an egg': { fields: { filetype: 'bdist_egg' }, says: /"bdist_egg"/ },
  },
  'pyversion-wrong': {
    'a wheel without': { fields: { pyversion: undefined }, says: /no pyversion/ },
    'an sdist for py3': {
      built: sdist('demo', '1.0').build(),
      fields: { pyversion: 'py3' },
      says: /"py3"/,
    },
  },
  'digest-malformed': {
    'a short sha256': {
      fields: { sha256_digest: 'abc' },
      also: ['digest-mismatch'],
      says: /"abc"/,
    },
    'a blake2 in base64': {
      fields: { blake2_256_digest: 'q'.repeat(44) },
      also: ['digest-mismatch'],
      says: /blake2_256_digest/,
    },
  },
  'digest-missing': {
    'no digest at all': {
      fields: { sha256_digest: undefined, md5_digest: undefined },
      says: /no digest/,
    },
  },
  'content-missing': {
    'a form alone': { withoutContent: true, says: /no file/ },
  },
  'form-metadata-invalid': {
    'no metadata version': {
      fields: { metadata_version: undefined },
      says: /Metadata-Version is missing/,
    },
    'a metadata version that never was': { fields: { metadata_version: '2.0' }, says: /"2\.0"/ },
    'metadata of another generation': { fields: { metadata_version: '3.0' }, says: /"3\.0"/ },
    'a local version': { built: wheel('demo', '1.0+cpu').build(), says: /\+cpu/ },
    'a summary of two lines': { fields: { summary: 'one\ntwo' }, says: /single line/ },
    'a summary of 513 characters': { fields: { summary: 'x'.repeat(513) }, says: /513/ },
    'a content type of its own': {
      fields: { description_content_type: 'text/html' },
      says: /text\/html/,
    },
    'an e-mail address that is none': {
      fields: { author_email: 'ann at example' },
      says: /ann at example/,
    },
    'an unknown classifier': {
      fields: { classifiers: 'Topic :: Cheese' },
      says: /Topic :: Cheese/,
    },
    'a deprecated classifier': {
      fields: { classifiers: 'Natural Language :: Ukranian' },
      says: /Natural Language :: Ukrainian/,
    },
    'a home page that runs script': {
      fields: { home_page: 'javascript:alert(1)' },
      says: /javascript/,
    },
    'a project URL without a label': {
      fields: { project_urls: ', https://example.org' },
      says: /label/,
    },
    'a project URL with a long label': {
      fields: { project_urls: `${'x'.repeat(33)}, https://example.org` },
      says: /32/,
    },
    'a direct URL': {
      fields: { requires_dist: 'x @ https://example.org/x.whl' },
      also: ['metadata-differs'],
      says: /x @ https/,
    },
    'a requirement that is none': {
      fields: { requires_dist: 'x >=> 1' },
      also: ['metadata-differs'],
      says: /x >=> 1/,
    },
    'a Python range that is none': {
      fields: { requires_python: 'three' },
      also: ['metadata-differs'],
      says: /three/,
    },
    'an extra that is no name': {
      fields: { provides_extra: 'a b' },
      also: ['metadata-differs'],
      says: /a b/,
    },
    'a dynamic name': { fields: { dynamic: 'Name' }, says: /dynamic/ },
    'License beside License-Expression': {
      fields: { license: 'MIT', license_expression: 'MIT' },
      says: /License-Expression/,
    },
    'a licence nobody knows': { fields: { license_expression: 'My-Own' }, says: /My-Own/ },
    'a licence file above the root': {
      fields: { license_file: '../LICENSE' },
      says: /\.\.\/LICENSE/,
    },
    'a field newer than the metadata': {
      fields: { metadata_version: '2.1', license_expression: 'MIT' },
      says: /2\.4/,
    },
  },
})
