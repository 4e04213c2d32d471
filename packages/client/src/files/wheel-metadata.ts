/** Takes METADATA out of a wheel that can be read in pieces. */
import { type ByteSource, InvalidArchive, Zip, type ZipEntry } from '@cheeseshop/archive'
import { normalizeName, type ProjectFile, parseWheelFilename } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

/** Throws `bad-metadata` when the wheel is no zip file or has none. */
export async function readWheelMetadata(
  source: ByteSource,
  file: ProjectFile,
  limit: number,
): Promise<Uint8Array> {
  try {
    const zip = await Zip.openFor('.dist-info/METADATA', source)
    const entry = findMetadata(zip.entries, file.filename)
    if (entry !== undefined) return await zip.read(entry, limit)
  } catch (cause) {
    if (!(cause instanceof InvalidArchive)) throw cause
    throw unreadable(file, cause.message, cause)
  }
  throw unreadable(file, 'It has no METADATA file in a .dist-info folder of its own.')
}

/** PEP 427: `{name}-{version}.dist-info/METADATA`; the name may be spelled otherwise than in the filename. */
function findMetadata(entries: readonly ZipEntry[], filename: string): ZipEntry | undefined {
  const { name } = parseWheelFilename(filename)
  return entries.find((entry) => {
    const folder = /^([^/]{1,500})\.dist-info\/METADATA$/.exec(entry.name)?.[1]
    return folder !== undefined && normalizeName(folder.replace(/-[^-]*$/, '')) === name
  })
}

function unreadable(file: ProjectFile, what: string, cause?: unknown): ClientError {
  const message = `The metadata of ${redactUrl(file.url)} cannot be read. ${what}`
  return new ClientError('bad-metadata', message, {
    url: file.url,
    hint: 'The wheel is broken; tell those who published it, or choose another version.',
    ...(cause !== undefined && { cause }),
  })
}
