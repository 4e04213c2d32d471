import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '@cheeseshop/testing'
import fc from 'fast-check'
import {
  findBlocks,
  isKnownPlatformTag,
  negotiateSimple,
  parseDirectUrl,
  parseEntryPoints,
  parseMediaType,
  parsePylock,
  parseRecord,
  parseTag,
  parseWheelFile,
  readMetadata,
  readProjectDetail,
  readProjectList,
  readScriptMetadata,
  scriptProblem,
  tryParseSdistFilename,
  tryParseWheelFilename,
  uploadRules,
  validateMetadata,
  writeMetadata,
} from './mod.ts'

const base = 'https://index.example/simple/x/'
const rules = uploadRules()

/** Each reader with the errors it may throw; any other is a fault. */
const readers: Record<string, [read: (text: string) => unknown, errors: string[]]> = {
  readMetadata: [(text) => validateMetadata(readMetadata(Buffer.from(text)), { rules }), []],
  writeMetadata: [(text) => writeMetadata(readMetadata(Buffer.from(text, 'latin1')).metadata), []],
  readHtml: [(text) => readProjectDetail(text, 'text/html', base), ['InvalidSimplePage']],
  readHtmlList: [(text) => readProjectList(text, 'text/html', base), ['InvalidSimplePage']],
  readJson: [(text) => readProjectDetail(text, 'application/json', base), ['InvalidSimplePage']],
  contentType: [(text) => readProjectDetail('', text, base), ['InvalidSimplePage']],
  negotiateSimple: [(text) => negotiateSimple(text, text), []],
  parseWheelFilename: [(text) => tryParseWheelFilename(`${text}.whl`), []],
  parseSdistFilename: [(text) => tryParseSdistFilename(`${text}.tar.gz`), []],
  parseTag: [parseTag, ['InvalidTag']],
  isKnownPlatformTag: [isKnownPlatformTag, []],
  parseRecord: [parseRecord, ['InvalidRecord']],
  parseEntryPoints: [readScripts, ['InvalidEntryPoints']],
  parseWheelFile: [parseWheelFile, []],
  parseMediaType: [parseMediaType, []],
  parseDirectUrl: [parseDirectUrl, ['InvalidDirectUrl']],
  parsePylock: [parsePylock, ['InvalidPylock']],
  findBlocks: [findBlocks, []],
  readScriptMetadata: [readScriptMetadata, ['InvalidScriptMetadata']],
}

function readScripts(text: string): unknown {
  return [...parseEntryPoints(text).values()].flat().map(scriptProblem)
}

function attempt(name: string, text: string): void {
  const [read, errors] = readers[name]!
  try {
    read(text)
  } catch (error) {
    assert.ok(
      error instanceof Error && errors.includes(error.name),
      `${name}: ${String(error).slice(0, 200)}`,
    )
  }
}

/** The words of every format, so that chance finds its corners. */
const words = [
  ...[
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    '\0',
    ':',
    ',',
    ';',
    '=',
    '-',
    '.',
    '"',
    "'",
    '#',
    '/',
    '\\',
    '@',
    '<',
    '>',
    '[',
    ']',
    '{',
    '}',
    '*',
    '+',
    '_',
    '1',
    'a',
    'é',
    '☃',
    '\ud800',
    '\ufeff',
  ],
  ...[
    'Metadata-Version: 2.6\n',
    'Name: x\n',
    'Author-email: ',
    'Requires-Dist: ',
    'Description: ',
    'License-Expression: ',
    'From ',
    '__proto__: x\n',
    '        |',
  ],
  ...[
    '<a href="x-1.0.zip"',
    '<a ',
    '</a>',
    '<h1>',
    '<base href="',
    '<meta name="pypi:repository-version" content="',
    '<!--',
    '-->',
    '<script>',
    '<title>',
    '<!DOCTYPE',
    '&gt',
    '&#',
    '<![CDATA[',
    'data-yanked',
  ],
  ...[
    '{"files":[',
    '{"filename":"x","url":"y"}',
    '[[packages]]\n',
    'lock-version = "1.0"\n',
    '# /// script\n',
    '# ///\n',
    '# ',
    '[console_scripts]\n',
    'demo = a:b\n',
    'py3-none-any',
    'sha256=',
    'q=0.5',
    'text/html',
  ],
]

test('no mixture of words makes a reader throw anything but its own error', () => {
  const text = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(''))
  for (const name of Object.keys(readers)) {
    fc.assert(
      fc.property(text, (input) => attempt(name, input)),
      { numRuns: 150 },
    )
  }
})

test('no bytes make the metadata reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      validateMetadata(readMetadata(bytes), { rules })
    }),
    { numRuns: 300 },
  )
})

test('no length of text made to hurt takes a reader long', async () => {
  // A megabyte takes each reader under a second; a tenth shows what is worse than linear as well.
  const size = 100_000
  for (const word of words) {
    const text = word.repeat(Math.ceil(size / word.length))
    for (const prefix of ['', 'Name: x\nAuthor-email: ', '<a href="x.zip" '])
      await measure(prefix + text)
  }
  const names = Array.from({ length: 10_000 }, (_, index) => `a${index}`)
  await measure(`<a href="x.zip" ${names.join(' ')}>`)
  await measure(names.map((name) => `${name}: x`).join('\n'))
  await measure(`[console_scripts]\n${names.map((name) => `${name} = a:b`).join('\n')}`)
  await measure(`{${names.map((name) => `"${name}":{"x":[]}`).join(',')}}`)
})

/** Quadratic work on so much takes several seconds. */
const longest = 1500

async function measure(text: string): Promise<void> {
  for (const name of Object.keys(readers)) {
    const taken = await cpuTime(() => attempt(name, text))
    assert.ok(
      taken < longest,
      `${name} took ${Math.round(taken)} ms for ${JSON.stringify(text.slice(0, 60))}`,
    )
  }
}
