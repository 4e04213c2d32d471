/** What the file may be called. */
import {
  InvalidWheelFilename,
  isKnownPlatformTag,
  parseWheelFilename,
  sdistFilename,
} from '@cheeseshop/packaging'
import { quote, type UploadCheck } from './check.ts'

export const filenameChecks: readonly UploadCheck[] = [
  {
    id: 'filename-unprintable',
    row: 19,
    rule: 'The filename has no control characters and no spaces.',
    field: 'content',
    *find({ content }) {
      if (content === undefined || !/[\s\0-\x1f\x7f]/.test(content.filename)) return
      yield `The filename ${quote(content.filename)} has control characters or spaces. Rename the file.`
    },
  },
  {
    id: 'filename-with-separator',
    row: 19,
    rule: 'The filename has no slash or backslash.',
    field: 'content',
    *find({ content }) {
      if (content === undefined || !/[/\\]/.test(content.filename)) return
      yield `The filename ${quote(content.filename)} has a "/" or "\\". Send the name without a folder.`
    },
  },
  {
    id: 'filename-extension',
    row: 19,
    rule: 'A wheel ends in `.whl`, an sdist in `.tar.gz` (with legacy filenames also `.zip`).',
    field: 'content',
    *find({ content, kind, rules }) {
      if (content === undefined || kind === undefined) return
      const legacy = rules.legacyFilenames ? ['.zip'] : []
      const extensions = kind === 'bdist_wheel' ? ['.whl'] : ['.tar.gz', ...legacy]
      if (extensions.some((extension) => content.filename.endsWith(extension))) return
      yield `The filename ${quote(content.filename)} does not fit the filetype ${kind}. Upload a file that ends in ${extensions.join(' or ')}.`
    },
  },
  {
    id: 'content-type-wrong',
    row: 20,
    rule: 'The part of the file has a content type, and it is no image.',
    field: 'content',
    *find({ content }) {
      const type = content?.contentType ?? ''
      if (content === undefined || (type !== '' && !/^image\//i.test(type))) return
      yield `The file came with the content type ${quote(type)}. Send it as application/octet-stream.`
    },
  },
  {
    id: 'sdist-filename-wrong',
    row: 31,
    rule: 'An sdist is named `{name}-{version}.tar.gz` in normal form (PEP 625).',
    field: 'content',
    *find({ content, kind, name, version, sdistName, rules }) {
      if (!content || kind !== 'sdist' || !name || !version) return
      const expected = sdistFilename(name, version)
      if (content.filename === expected) return
      const isSame = sdistName?.name === name && sdistName.version.equals(version)
      if (rules.legacyFilenames && isSame) return
      yield `Filename ${quote(content.filename)} is invalid, should be ${quote(expected)}.`
    },
  },
  {
    id: 'wheel-filename-wrong',
    row: 33,
    rule: 'A wheel is named `{name}-{version}[-{build}]-{python}-{abi}-{platform}.whl`.',
    field: 'content',
    *find({ content, kind }) {
      if (content === undefined || kind !== 'bdist_wheel') return
      try {
        parseWheelFilename(content.filename)
      } catch (error) {
        if (!(error instanceof InvalidWheelFilename)) throw error
        yield error.message
      }
    },
  },
  {
    id: 'wheel-name-wrong',
    row: 33,
    rule: "A wheel's filename starts with the normalized project name, with underscores.",
    field: 'content',
    *find({ wheelName, name, rules }) {
      if (wheelName === undefined || name === undefined) return
      const expected = name.replaceAll('-', '_')
      if (rules.legacyFilenames ? wheelName.name === name : wheelName.rawName === expected) return
      yield `The wheel's filename must start with the normalized project name ${quote(expected)}, not ${quote(wheelName.rawName)}. Build it again with a current build backend.`
    },
  },
  {
    id: 'wheel-version-wrong',
    row: 33,
    rule: "The version in a wheel's filename is that of the form.",
    field: 'content',
    *find({ wheelName, version }) {
      if (wheelName === undefined || version === undefined) return
      if (wheelName.version.equals(version)) return
      yield `Version in filename should be ${quote(version.toString())} not ${quote(wheelName.rawVersion)}.`
    },
  },
  {
    id: 'platform-tag-unsupported',
    row: 33,
    rule: 'Every platform tag of a wheel is one that says where it runs: no plain `linux_x86_64`.',
    field: 'content',
    *find({ wheelName }) {
      for (const platform of new Set(wheelName?.tags.map((tag) => tag.platform))) {
        if (isKnownPlatformTag(platform)) continue
        yield `The wheel has an unsupported platform tag ${quote(platform)}. On Linux, repair it with auditwheel so that it becomes a manylinux or musllinux wheel.`
      }
    },
  },
]
