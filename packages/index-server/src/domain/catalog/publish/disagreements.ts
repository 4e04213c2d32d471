/** Where the upload form and the metadata in the file contradict each other. */
import {
  type CoreMetadata,
  canonicalizeVersion,
  normalizeName,
  tryParseRequirement,
  tryParseSpecifierSet,
  tryParseVersion,
} from '@cheeseshop/packaging'
import { type Finding, quote } from './check.ts'

/**
 * Compares what decides which files are installed. Clients word the same thing differently and some leave fields
 * out of the form, so values are compared in normal form, and only what the form says at all.
 */
export function* disagreements(form: CoreMetadata, file: CoreMetadata): Generator<Finding> {
  for (const { key, header, normalize } of singles) {
    const [inForm, inFile] = [form[key] ?? '', file[key] ?? '']
    if (inForm === '' || normalize(inForm) === normalize(inFile)) continue
    yield differ(header, inForm, inFile)
  }
  for (const { key, header, normalize } of lists) {
    if (form[key].length === 0) continue
    const [inForm, inFile] = [form[key], file[key]]
    const [onlyInForm, onlyInFile] = [
      without(inForm, inFile, normalize),
      without(inFile, inForm, normalize),
    ]
    if (onlyInForm.length === 0 && onlyInFile.length === 0) continue
    yield differ(header, onlyInForm.join(', '), onlyInFile.join(', '))
  }
}

function differ(field: string, inForm: string, inFile: string): Finding {
  const [form, file] = [inForm, inFile].map((value) => (value === '' ? 'nothing' : quote(value)))
  return {
    field,
    message: `${field} differs: the form says ${form}, the metadata in the file says ${file}. Upload the file with the metadata it was built with.`,
  }
}

const singles = [
  { key: 'name', header: 'Name', normalize: normalizeSpelling },
  { key: 'version', header: 'Version', normalize: normalizeVersion },
  { key: 'requiresPython', header: 'Requires-Python', normalize: normalizeSpecifiers },
] as const

const lists = [
  { key: 'requiresDist', header: 'Requires-Dist', normalize: normalizeRequirement },
  { key: 'providesExtra', header: 'Provides-Extra', normalize: normalizeSpelling },
] as const

type Normalize = (value: string) => string

function without(
  all: readonly string[],
  others: readonly string[],
  normalize: Normalize,
): string[] {
  const known = new Set(others.map(normalize))
  return all.filter((value) => !known.has(normalize(value)))
}

/** twine makes one dash of everything that is no letter, digit or dot. */
function normalizeSpelling(name: string): string {
  return normalizeName(name.trim().replace(/[^A-Za-z0-9.]+/g, '-'))
}

function normalizeVersion(text: string): string {
  const version = tryParseVersion(text)
  return version ? canonicalizeVersion(version) : text.trim()
}

function normalizeSpecifiers(text: string): string {
  return tryParseSpecifierSet(text)?.toString() ?? text.replace(/\s+/g, '')
}

function normalizeRequirement(text: string): string {
  const requirement = tryParseRequirement(text)
  if (requirement === undefined) return text.replace(/\s+/g, '')
  const { normalizedName, extras, specifier, url, marker } = requirement
  const sortedExtras = extras.map(normalizeSpelling).sort()
  return JSON.stringify([
    normalizedName,
    sortedExtras,
    specifier.toString(),
    url ?? '',
    marker?.toString() ?? '',
  ])
}
