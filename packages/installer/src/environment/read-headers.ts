/** The beginning of a metadata file: most of it is a description, which hardly any run asks for. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** The headers of nearly every project fit. */
const beginning = Buffer.allocUnsafeSlow(16 * 1024)

const emptyLines = [Buffer.from('\n\n'), Buffer.from('\n\r\n')]

/**
 * What stands before the first empty line. Use it before the next call, which reads into the same memory. Throws errors
 * of the file system.
 */
export function readHeaders(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const read = beginning.subarray(0, readSync(file, beginning, 0, beginning.length, 0))
    const headers = headersOf(read)
    const isAll = headers.length < read.length || read.length < beginning.length
    return isAll ? headers : headersOf(readFileSync(file))
  } finally {
    closeSync(file)
  }
}

function headersOf(bytes: Buffer): Buffer {
  const ends = emptyLines.map((line) => bytes.indexOf(line)).filter((at) => at >= 0)
  return ends.length > 0 ? bytes.subarray(0, Math.min(...ends) + 1) : bytes
}
