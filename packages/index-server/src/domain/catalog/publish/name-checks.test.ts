import { wheel } from '@cheeseshop/testing'
import { publish } from '../../../testing/catalog.ts'
import { testChecks } from '../../../testing/check-cases.ts'

testChecks('name', {
  'name-from-upstream': {
    'a name that came from an upstream first': {
      before: ({ db, clock }) =>
        db
          .insertInto('name_origins')
          .values({
            ...{ index_id: 1, normalized_name: 'demo', origin: 'upstream' },
            ...{ set_at: clock().toISOString(), set_by: null },
          })
          .execute(),
      says: /"demo" belongs to upstream files.*cheeseshop origin default demo hosted/,
    },
  },
  'name-of-stdlib': {
    'a module of today': { built: wheel('json', '1.0').build(), says: /"json"/ },
    'a module of Python 2': { built: wheel('urllib2', '1.0').build(), says: /standard library/ },
    'a dotted module': { built: wheel('os-path', '1.0').build(), says: /"os-path"/ },
    'another spelling': { built: wheel('XML.etree', '1.0').build(), says: /"xml-etree"/ },
  },
  'name-reserved': {
    'a reserved name': { rules: { reservedNames: ['Demo'] }, says: /"Demo"/ },
    'a reserved prefix': {
      built: wheel('acme-tools', '1.0').build(),
      rules: { reservedNames: ['Acme_*'] },
      says: /"Acme_\*"/,
    },
  },
  'name-looks-alike': {
    'a 1 for an l and a 0 for an o': {
      built: wheel('he11-0', '1.0').build(),
      before: (domain, ann) => publish(domain, ann, wheel('Hello', '1.0').build()),
      says: /existing project "Hello"/,
    },
  },
})
