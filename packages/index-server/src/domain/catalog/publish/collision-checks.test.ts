import { sdist, wheel } from '@cheeseshop/testing'
import { publish } from '../../../testing/catalog.ts'
import { testChecks } from '../../../testing/check-cases.ts'
import { deleteFile } from '../files.ts'

testChecks('collision', {
  'file-exists': {
    'other content under the same name': {
      before: (domain, ann) => publish(domain, ann, wheel('demo', '1.0').file('a', 'b').build()),
      says: /^File already exists \("demo-1\.0-py3-none-any\.whl", with blake2_256 hash "[0-9a-f]{64}"\)/,
    },
  },
  'content-exists': {
    'the same content under another name': {
      built: wheel('demo', '1.0').named('demo-1.0-1-py3-none-any.whl').build(),
      before: (domain, ann) => publish(domain, ann, wheel('demo', '1.0').build()),
      says: /^File already exists under the filename "demo-1\.0-py3-none-any\.whl"/,
    },
  },
  'filename-retired': {
    'the name of a deleted file': {
      before: async (domain, ann) => {
        const { file } = await publish(domain, ann, wheel('demo', '1.0').file('a', '').build())
        await deleteFile(domain, ann, { project: 'demo', filename: file.filename })
      },
      says: /was used by a file that has been deleted/,
    },
  },
  'release-closed': {
    'a release of fifteen days ago': {
      rules: { releaseClosesAfterDays: 14 },
      before: async (domain, ann) => {
        await publish(domain, ann, sdist('demo', '1.0').build())
        domain.clock.advance(15 * 24 * 60 * 60 * 1000)
      },
      says: /15 days ago/,
    },
  },
  'second-sdist': {
    'another sdist of the release': {
      built: sdist('demo', '1.0.0').build(),
      before: (domain, ann) => publish(domain, ann, sdist('demo', '1.0').build()),
      says: /"demo-1\.0\.tar\.gz"/,
    },
  },
})
