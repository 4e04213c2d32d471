/** What the form of an upload must say. */
import { isValidName } from '@cheeseshop/packaging'
import { fileKinds } from './candidate.ts'
import { quote, type UploadCheck } from './check.ts'
import { singleFields } from './form-metadata.ts'

export const formChecks: readonly UploadCheck[] = [
  {
    id: 'field-is-file',
    row: 1,
    rule: 'Only `content` comes as a file; `gpg_signature` and `attestations` may, and are not kept.',
    *find({ form }) {
      for (const field of form.fileFields) {
        if (field === 'content' || field === 'gpg_signature' || field === 'attestations') continue
        yield { field, message: `${quote(field)} came as a file. Send it as a text field.` }
      }
    },
  },
  {
    id: 'field-repeated',
    row: 1,
    rule: 'A field that has one value is sent once.',
    *find({ form }) {
      for (const [field, values] of form.fields) {
        if (!singleFields.has(field) || new Set(values).size < 2) continue
        const said = values.slice(0, 3).map(quote).join(', ')
        yield {
          field,
          message: `${quote(field)} was sent ${values.length} times: ${said}. Send one.`,
        }
      }
    },
  },
  {
    id: 'protocol-version-unknown',
    row: 4,
    rule: '`protocol_version` is 1 or absent.',
    field: 'protocol_version',
    *find({ form }) {
      const version = form.one('protocol_version') ?? '1'
      if (version !== '1') {
        yield `The upload protocol version ${quote(version)} is not known. Use version 1.`
      }
    },
  },
  {
    id: 'name-invalid',
    row: 5,
    rule: '`name` is ASCII letters and digits, with `.`, `_` and `-` inside.',
    field: 'name',
    *find({ form }) {
      const name = form.one('name')
      if (name === undefined) yield 'The form has no name. Send the name of the project.'
      else if (!isValidName(name)) {
        yield `${quote(name)} is not a project name. Start and end with an ASCII letter or digit, and use only letters, digits, ".", "_" and "-".`
      }
    },
  },
  {
    id: 'version-invalid',
    row: 6,
    rule: '`version` is a version as PEP 440 defines them.',
    field: 'version',
    *find({ form, version }) {
      const text = form.one('version')
      if (text === undefined) yield 'The form has no version. Send the version of the release.'
      else if (version === undefined) {
        yield `${quote(text)} is not a version. Write it as PEP 440 says, such as 1.0, 2.0rc1 or 1.0.post1.`
      }
    },
  },
  {
    id: 'filetype-unknown',
    row: 5,
    rule: '`filetype` is `sdist` or `bdist_wheel`.',
    field: 'filetype',
    *find({ form, kind }) {
      const said = form.one('filetype')
      if (said === undefined) yield `The form has no filetype. Send one of ${fileKinds.join(', ')}.`
      else if (kind === undefined) {
        yield `The filetype ${quote(said)} is not accepted. Upload one of ${fileKinds.join(', ')}.`
      }
    },
  },
  {
    id: 'pyversion-wrong',
    row: 5,
    rule: '`pyversion` names the Python of a wheel, and is `source` or absent for an sdist.',
    field: 'pyversion',
    *find({ form, kind }) {
      const said = form.one('pyversion')
      if (kind === 'bdist_wheel' && said === undefined) {
        yield 'The form of a wheel has no pyversion. Send its Python tag, such as py3.'
      } else if (kind === 'sdist' && said !== undefined && said !== 'source') {
        yield `The pyversion of an sdist is "source", not ${quote(said)}.`
      }
    },
  },
  {
    id: 'digest-malformed',
    row: 5,
    rule: '`sha256_digest` and `blake2_256_digest` are 64 hexadecimal digits.',
    *find({ form }) {
      for (const field of ['sha256_digest', 'blake2_256_digest']) {
        const digest = form.one(field)
        if (digest === undefined || /^[0-9a-f]{64}$/i.test(digest)) continue
        yield { field, message: `The ${field} ${quote(digest)} is not 64 hexadecimal digits.` }
      }
    },
  },
  {
    id: 'digest-missing',
    row: 5,
    rule: 'The form has at least one digest of the file.',
    field: 'sha256_digest',
    *find({ form }) {
      if (['sha256_digest', 'blake2_256_digest', 'md5_digest'].some((field) => form.one(field)))
        return
      yield 'The form has no digest of the file. Send sha256_digest or blake2_256_digest.'
    },
  },
  {
    id: 'content-missing',
    row: 7,
    rule: 'There is a file, in the part named `content`.',
    field: 'content',
    *find({ content }) {
      if (content === undefined) yield 'The upload has no file. Send it in a part named "content".'
    },
  },
]
