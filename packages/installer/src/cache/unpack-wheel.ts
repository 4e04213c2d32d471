/** Unpacks a wheel, or its twin, into a new folder. */
import type { PresentSource } from '@cheeseshop/archive'
import {
  isExecutable,
  readWheel,
  readWheelTwin,
  type WheelContents,
  type WheelDescription,
} from '@cheeseshop/packaging'
import { asInvalidWheel, InvalidWheel } from './invalid-wheel.ts'
import { type PackedFile, type UnpackedWheel, Unpacking } from './unpacking.ts'
import { layOut, type WheelLayout } from './wheel-layout.ts'

/** Faults of whole wheels that installers cannot live with; the others are the publisher's own business. */
const fatal: ReadonlySet<string> = new Set([
  'dist-info-missing',
  'dist-info-several',
  'dist-info-mismatch',
  'metadata-missing',
  'metadata-name',
  'metadata-version',
  'wheel-file-missing',
  'wheel-file-version',
  'record-missing',
  'record-invalid',
  'entry-points-invalid',
])

/** The folder must not exist, and is of no use when this throws: `InvalidWheel`, or an error of the file system. */
export async function unpackWheel(
  source: PresentSource,
  filename: string,
  folder: string,
): Promise<UnpackedWheel> {
  try {
    const contents = await readWheel(source, filename)
    refuseFatal(filename, contents)
    const layout = layOut(filename, contents)
    const { archive, filename: parsed } = contents
    const has = (name: string) => archive.get(name) !== undefined
    const unpacking = new Unpacking({ ...contents, parsed, filename, layout, has, folder })
    return unpacking.run(filesOf(contents, layout))
  } catch (error) {
    throw asInvalidWheel(filename, error)
  }
}

/** The same from the twin of the wheel, in one pass; also `InvalidWheel` when it holds anything RECORD does not vouch for. */
export async function unpackTwin(
  source: PresentSource,
  filename: string,
  folder: string,
): Promise<UnpackedWheel> {
  try {
    using twin = await readWheelTwin(source, filename)
    refuseFatal(filename, twin)
    const entries = twin.names.map((name) => ({ name, isDirectory: false, isSymlink: false }))
    const layout = layOut(filename, { ...twin, entries })
    const parsed = twin.filename
    const unpacking = new Unpacking({ ...twin, parsed, filename, layout, has: () => true, folder })
    const unpacked = unpacking.run(twin.files())
    return unpacked
  } catch (error) {
    throw asInvalidWheel(filename, error)
  }
}

function refuseFatal(filename: string, { problems }: WheelDescription): void {
  const fault = problems.find(({ severity, code }) => severity === 'error' && fatal.has(code))
  if (fault) throw InvalidWheel.because(filename, fault)
}

function* filesOf({ archive }: WheelContents, { root, data }: WheelLayout): Generator<PackedFile> {
  for (const name of [...root, ...data.map((place) => place.name)]) {
    const entry = archive.get(name)!
    const chunks = () => archive.pass(entry)
    yield { name, size: entry.size, isExecutable: isExecutable(entry), chunks }
  }
}
