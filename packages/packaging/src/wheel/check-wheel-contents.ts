/** Compares the parts of a wheel with each other: filename, METADATA, WHEEL, entry points, licence files. */

import { scriptProblem } from '../entry-points.ts'
import { quoted } from '../grammar/quoted.ts'
import { compareMetadataVersions } from '../metadata/core-metadata.ts'
import { normalizeName } from '../names.ts'
import { formatTag, InvalidTag, parseTag, type Tag } from '../tags.ts'
import { tryParseVersion } from '../versions.ts'
import type { WheelDescription, WheelFiles } from './describe-wheel.ts'
import { type WheelProblem, wheelError, wheelWarning } from './wheel-problem.ts'

interface Contents extends Omit<WheelDescription, 'problems'> {
  readonly files: Pick<WheelFiles, 'has'>
}
type Problems = Generator<WheelProblem>

export function* checkWheelContents(contents: Contents): Problems {
  // Without the folder there is nothing to compare, and its absence is told already.
  if (contents.distInfo === '') return
  yield* checkMetadata(contents)
  yield* checkWheelFile(contents)
  if (!contents.files.has(`${contents.distInfo}/RECORD`)) {
    yield wheelError(
      'record-missing',
      `The wheel has no ${contents.distInfo}/RECORD, the list of its files.`,
    )
  }
  yield* checkScripts(contents)
  yield* checkLicenseFiles(contents)
}

function* checkMetadata({ filename, distInfo, metadata, metadataBytes }: Contents): Problems {
  const entry = `${distInfo}/METADATA`
  if (metadataBytes === undefined) {
    yield wheelError('metadata-missing', `The wheel has no ${entry}.`)
    return
  }
  if (normalizeName(metadata.name) !== filename.name) {
    yield wheelError(
      'metadata-name',
      `METADATA says the project is ${quoted(metadata.name)}, and the filename says ${quoted(filename.rawName)}.`,
      entry,
    )
  }
  if (tryParseVersion(metadata.version)?.compare(filename.version) !== 0) {
    yield wheelError(
      'metadata-version',
      `METADATA says the version is ${quoted(metadata.version)}, and the filename says ${quoted(filename.rawVersion)}.`,
      entry,
    )
  }
}

function* checkWheelFile({ files, filename, distInfo, wheel }: Contents): Problems {
  const entry = `${distInfo}/WHEEL`
  if (!files.has(entry)) {
    yield wheelError('wheel-file-missing', `The wheel has no ${entry}.`)
    return
  }
  // PEP 427: fail on a greater major version, warn on a greater minor one. 0.1 was the draft that became 1.0.
  const version = /^(\d{1,9})\.(\d{1,9})$/.exec(wheel.wheelVersion ?? '')
  if (version === null || Number(version[1]) > 1) {
    yield wheelError(
      'wheel-file-version',
      `The wheel is of format ${quoted(wheel.wheelVersion ?? '')}; only 1.0 is known.`,
      entry,
    )
  } else if (wheel.wheelVersion !== '1.0') {
    yield wheelWarning(
      'wheel-file-version',
      `The wheel is of format ${wheel.wheelVersion}; only 1.0 is known.`,
      entry,
    )
  }
  const inFile = sortedTags(wheel.tags)
  const inName = filename.tags.map(formatTag).sort()
  if (inFile.join() !== inName.join()) {
    yield wheelWarning(
      'wheel-file-tags',
      `WHEEL is tagged ${quoted(inFile.join(', '))}, and the filename ${quoted(inName.join(', '))}.`,
      entry,
    )
  }
}

function sortedTags(texts: readonly string[]): string[] {
  const tags = texts.flatMap((text) => expandTag(text).map(formatTag))
  return [...new Set(tags)].sort()
}

function expandTag(text: string): Tag[] {
  try {
    return parseTag(text)
  } catch (error) {
    if (error instanceof InvalidTag) return []
    throw error
  }
}

function* checkScripts({ distInfo, entryPoints }: Contents): Problems {
  const groups = ['console_scripts', 'gui_scripts']
  for (const script of groups.flatMap((group) => entryPoints?.get(group) ?? [])) {
    const message = scriptProblem(script)
    if (message !== undefined)
      yield wheelError('entry-points-invalid', message, `${distInfo}/entry_points.txt`)
  }
}

/** PEP 639, since 2.4: every License-File is below `.dist-info/licenses/`. Before, the field was setuptools' own. */
function* checkLicenseFiles({ files, distInfo, metadata }: Contents): Problems {
  const isStandard = (compareMetadataVersions(metadata.metadataVersion, '2.4') ?? -1) >= 0
  for (const path of isStandard ? metadata.licenseFiles : []) {
    const expected = `${distInfo}/licenses/${path}`
    if (!files.has(expected)) {
      yield wheelError(
        'license-file-missing',
        `METADATA names the licence file ${quoted(path)}, and the wheel has no ${quoted(expected)}.`,
      )
    }
  }
}
