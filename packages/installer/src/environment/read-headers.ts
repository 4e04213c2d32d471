/** The beginning of a metadata file: most of it is a description, which hardly any run asks for. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** The headers of nearly every project fit. */
const beginning = Buffer.allocUnsafeSlow(16 * 1024)

/**
 * At least what stands before the first empty line. Use it before the next call, which reads into the same memory. Throws
 * errors of the file system.
 */
export function readHeaders(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const read = beginning.subarray(0, readSync(file, beginning, 0, beginning.length, 0))
    const isAll = read.length < beginning.length || read.includes('\n\n') || read.includes('\n\r\n')
    return isAll ? read : readFileSync(file)
  } finally {
    closeSync(file)
  }
}
