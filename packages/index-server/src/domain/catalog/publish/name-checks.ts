/** Which names a new project may take. */
import { indexName } from '../../indexes/package-index.ts'
import { isPermittedName, isStdlibName, reservedBy } from '../names/reserved-names.ts'
import { quote, type UploadCheck } from './check.ts'

export const nameChecks: readonly UploadCheck[] = [
  {
    id: 'name-from-upstream',
    row: 11,
    rule: 'A name that came from an upstream takes no uploads until an owner of the index decides so.',
    field: 'name',
    recheck: true,
    *find({ name, catalog }) {
      const origin = catalog?.origin
      if (!name || !catalog || origin?.origin !== 'upstream') return
      yield `The name ${quote(name)} belongs to upstream files here: ${origin.reason} An owner of the index can let uploads in with: cheeseshop origin ${indexName(catalog.index)} ${name} hosted`
    },
  },
  {
    id: 'name-of-stdlib',
    row: 11,
    rule: 'A new project does not take the name of a module of the standard library of any Python.',
    field: 'name',
    *find({ name, catalog, rules }) {
      if (!name || catalog?.project || isPermittedName(name, rules) || !isStdlibName(name)) return
      yield `The name ${quote(name)} belongs to a module of Python's standard library. Take another name, or ask the operator to permit it.`
    },
  },
  {
    id: 'name-reserved',
    row: 11,
    rule: 'A new project does not take a name the operator reserved.',
    field: 'name',
    *find({ name, catalog, rules }) {
      if (!name || catalog?.project || isPermittedName(name, rules)) return
      const entry = reservedBy(name, rules)
      if (entry !== undefined) {
        yield `The name ${quote(name)} is reserved on this index (${quote(entry)}). Take another name, or ask the operator to permit it.`
      }
    },
  },
  {
    id: 'name-looks-alike',
    row: 11,
    rule: 'A new name differs from every existing one in more than separators and the letters l, i, 1 and o, 0.',
    field: 'name',
    recheck: true,
    *find({ name, catalog, rules }) {
      if (!name || catalog?.lookAlike === undefined || isPermittedName(name, rules)) return
      yield `The name ${quote(name)} is too similar to the existing project ${quote(catalog.lookAlike)}. Take another name, or ask the operator to permit it.`
    },
  },
]
