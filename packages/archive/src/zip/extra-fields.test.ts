import { describe } from 'node:test'
import { unicodePath, zip64Extra } from './craft-zip.fixture.ts'
import { one, refused, reported } from './rule.fixture.ts'

describe('extra fields', () => {
  const missing = { compressedSize: 0xffffffff }
  const twice = Buffer.concat([zip64Extra(7), zip64Extra(7)])
  const impossible = { size: 0xffffffff, extra: zip64Extra(2 ** 60) }
  refused('hold no impossible sizes', one({ central: impossible }), 'zip64-inconsistent')
  refused(
    'hold ZIP64 sizes that the directory points to',
    one({ central: missing }),
    'zip64-inconsistent',
  )
  reported(
    'hold ZIP64 sizes that the local header points to',
    one({ local: missing }),
    'zip64-inconsistent',
  )
  refused(
    'hold all ZIP64 sizes',
    one({ both: { compressedSize: 0xffffffff, size: 0xffffffff, extra: zip64Extra(5) } }),
    'zip64-inconsistent',
  )
  reported(
    'hold no ZIP64 size too many',
    one({ both: { size: 0xffffffff, extra: zip64Extra(5, 0) } }),
    ['bad-extra-field', 'bad-extra-field'],
  )
  reported(
    'hold no contradicting sizes beside those of the header',
    one({ local: { extra: zip64Extra(6, 7) } }),
    'bad-extra-field',
  )
  reported(
    'have the true packed size',
    one({ both: { ...missing, extra: zip64Extra(8) } }),
    'overlap',
  )
  reported(
    'have the true size',
    one({ both: { size: 0xffffffff, extra: zip64Extra(6) } }),
    'size-mismatch',
  )
  refused(
    'have ZIP64 once in the directory',
    one({ central: { ...missing, extra: twice } }),
    'duplicate-extra-field',
  )
  reported(
    'have ZIP64 once in the local header',
    one({ local: { ...missing, extra: twice } }),
    'duplicate-extra-field',
  )
  refused(
    'have the Unicode path once',
    one({ both: { extra: Buffer.concat([unicodePath('fixme'), unicodePath('fixme')]) } }),
    ['duplicate-extra-field', 'duplicate-extra-field'],
  )
  refused(
    'have no chain of Unicode paths',
    one({
      both: { extra: Buffer.concat([unicodePath('second'), unicodePath('third', 'second')]) },
    }),
    [
      'duplicate-extra-field',
      'unicode-path-differs',
      'duplicate-extra-field',
      'unicode-path-differs',
    ],
  )
  refused(
    'have no other name in the directory',
    one({ central: { extra: unicodePath('other') } }),
    'unicode-path-differs',
  )
  reported(
    'have no other name in the local header',
    one({ local: { extra: unicodePath('other') } }),
    'unicode-path-differs',
  )
  reported(
    "have no Unicode path of another name's",
    one({ both: { extra: unicodePath('fixme', 'other') } }),
    ['bad-extra-field', 'bad-extra-field'],
  )
  refused(
    'end where the header says',
    one({ both: { extra: Buffer.from([0x75, 0x70, 9, 0, 1]) } }),
    ['bad-extra-field', 'bad-extra-field'],
  )
  reported('leave no rest', one({ both: { extra: Buffer.alloc(3) } }), [
    'bad-extra-field',
    'bad-extra-field',
  ])
})
