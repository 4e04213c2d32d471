import { wheel } from '@cheeseshop/testing'
import { publish } from '../../../testing/catalog.ts'
import { testChecks } from '../../../testing/check-cases.ts'

testChecks('bytes', {
  'file-too-large': {
    'a file over the limit': { rules: { maximumFileSize: 100 }, says: /limit/ },
  },
  'project-too-large': {
    'a project over the limit': {
      rules: { maximumProjectSize: 1000 },
      before: (domain, ann) => publish(domain, ann, wheel('demo', '0.1').build()),
      says: /limit/,
    },
  },
  'digest-mismatch': {
    'another sha256': { fields: { sha256_digest: 'a'.repeat(64) }, says: /sha256_digest/ },
    'another blake2': { fields: { blake2_256_digest: 'b'.repeat(64) }, says: /blake2_256_digest/ },
    'another md5': { fields: { md5_digest: 'c'.repeat(32) }, says: /md5_digest/ },
    'a file cut short on its way': {
      bytes: wheel('demo', '1.0').build().bytes.subarray(0, 300),
      says: /arrived/,
    },
  },
})
