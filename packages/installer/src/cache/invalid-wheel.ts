/** The error for a wheel that is refused. */
import { InvalidArchive } from '@cheeseshop/archive'
import { InvalidWheelFilename, InvalidWheelTwin } from '@cheeseshop/packaging'

/** Thrown when a wheel is not what it says, or would do what no wheel may; nothing of it is kept. */
export class InvalidWheel extends Error {
  override readonly name = 'InvalidWheel'
  readonly filename: string
  /** Stable: that of the archive or wheel problem, such as `record-hash-mismatch`. */
  readonly code: string
  /** The entry of the archive, when it is about one. */
  readonly entry: string | undefined

  constructor(filename: string, code: string, message: string, entry?: string) {
    super(message)
    this.filename = filename
    this.code = code
    this.entry = entry
  }

  static because(filename: string, fault: Fault): InvalidWheel {
    const { code, entry } = fault
    const about = entry !== undefined && !fault.message.includes(entry) ? ` (${cut(entry)})` : ''
    const message = `The wheel ${cut(filename)} is refused: ${fault.message}${about} Get it anew, or tell those who publish it.`
    return new InvalidWheel(filename, code, message, entry)
  }
}

interface Fault {
  readonly code: string
  readonly message: string
  readonly entry?: string | undefined
}

/** The errors of reading an archive and a filename, as ours; all others as they are. */
export function asInvalidWheel(filename: string, error: unknown): unknown {
  if (error instanceof InvalidArchive) return InvalidWheel.because(filename, error)
  if (error instanceof InvalidWheelTwin)
    return InvalidWheel.because(filename, { ...error, code: 'twin', message: error.message })
  if (error instanceof InvalidWheelFilename)
    return InvalidWheel.because(filename, { code: 'filename', message: error.message })
  return error
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}...` : text
}
