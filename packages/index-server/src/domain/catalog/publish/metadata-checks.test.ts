import { wheel } from '@cheeseshop/testing'
import { testChecks } from '../../../testing/check-cases.ts'

testChecks('metadata', {
  'metadata-too-large': {
    'a description that would fill the memory of whoever resolves': {
      built: wheel('demo', '1.0').description('cheese '.repeat(300_000)).build(),
      fields: { description: undefined },
      says: /has 21\d{5} bytes; at most 2097152/,
    },
  },
  'metadata-invalid': {
    'a direct URL that the form hides': {
      built: wheel('demo', '1.0').requires('x @ https://example.org/x.whl').build(),
      fields: { requires_dist: undefined },
      says: /x @ https/,
    },
    'two names in METADATA': {
      built: wheel('demo', '1.0')
        .metadataText('Metadata-Version: 2.4\nName: demo\nName: other\nVersion: 1.0\n')
        .build(),
      also: ['metadata-of-other-file', 'metadata-differs'],
      says: /2 times/,
    },
  },
  'metadata-differs': {
    'a requirement more in the form': {
      fields: { requires_dist: 'x>=1' },
      says: /form says "x>=1", the metadata in the file says nothing/,
    },
    'another Python': {
      built: wheel('demo', '1.0').requiresPython('>=3.9').build(),
      fields: { requires_python: '>=3.8' },
      says: /form says ">=3\.8", the metadata in the file says ">=3\.9"/,
    },
  },
})
