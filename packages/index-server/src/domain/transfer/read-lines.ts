/** The lines of a text that comes in chunks, none of them longer than memory should hold. */

/** Throws what `tooLong` makes. The last line may lack its end. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
  tooLong: () => Error,
): AsyncGenerator<string> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString()
      parts = []
      length = 0
      start = end + 1
    }
    length += chunk.length - start
    if (length > longest) throw tooLong()
    // A copy: whoever gave the chunk may use its memory again.
    if (start < chunk.length) parts.push(chunk.slice(start))
  }
  if (length > 0) yield Buffer.concat(parts).toString()
}

const newline = 0x0a
