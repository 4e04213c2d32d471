/** Sees to it that a form means the same however the network cuts it. */
import { parseMediaType } from '@cheeseshop/packaging'

const ends = ['\r\n', '--']

/**
 * A boundary is followed by the end of its line or by `--`. What the parser makes of anything else
 * depends on where one chunk ends and the next begins, so such a form is refused.
 */
export class BoundaryWatch {
  readonly #boundary: Buffer
  /** The end of what was seen, as far as a boundary may have begun there. The first needs no line before it. */
  #rest: Buffer = Buffer.from('\r\n')

  constructor(contentType: string) {
    const boundary = parseMediaType(contentType).parameters.get('boundary')
    this.#boundary = Buffer.from(`\r\n--${boundary}`)
  }

  /** False where a boundary of this chunk goes on as none does. */
  accepts(chunk: Buffer): boolean {
    const bytes = Buffer.concat([this.#rest, chunk])
    const whole = this.#boundary.length + 2
    for (let at = bytes.indexOf(this.#boundary); at !== -1; ) {
      const end = bytes.toString('latin1', at + whole - 2, at + whole)
      if (!ends.some((each) => each.startsWith(end))) return false
      at = bytes.indexOf(this.#boundary, at + 1)
    }
    this.#rest = bytes.subarray(Math.max(0, bytes.length - whole + 1))
    return true
  }
}
