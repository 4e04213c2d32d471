/**
 * Anchors written as nearly every index writes them, one after another: read five times faster than by a tokenizer, which a
 * page of ten thousand of them would keep busy for long.
 */

export interface Anchor {
  readonly attributes: ReadonlyMap<string, string>
  text: string
}

/** Nobody names a file at greater length; bounds what an unclosed anchor collects. */
export const longestText = 1024

/** With quoted attributes, and text in which nothing is markup. What stands before an anchor is scenery as long as it is text. */
const plain =
  /[^<\0\r]*<a((?: [a-z][a-z-]*="[^"\0\r]*"){1,40})>([^<>&\0\r]*)<\/a>(?:[ \n]*<br ?\/?>)?/y
const attribute = / ([a-z][a-z-]*)="([^"]*)"/g

/**
 * Adds the anchors from `start` on, which is not inside of anything, up to the first that is written in any other way, and no
 * more than `most`. Returns where the next begins, or what is left of the page.
 */
export function readPlainAnchors(
  text: string,
  { start, most }: { start: number; most: number },
  anchors: Anchor[],
): number {
  let end = start
  for (let left = most; left > 0; left--) {
    plain.lastIndex = end
    const match = plain.exec(text)
    const attributes = match && readAttributes(match[1]!)
    if (!attributes) return end
    anchors.push({ attributes, text: match[2]!.slice(0, longestText) })
    end = plain.lastIndex
  }
  return end
}

/** Undefined where a value has a character reference that others know better. */
function readAttributes(text: string): Map<string, string> | undefined {
  const attributes = new Map<string, string>()
  for (const [, name = '', value = ''] of text.matchAll(attribute)) {
    const decoded = value.includes('&') ? decode(value) : value
    if (decoded === undefined) return undefined
    // HTML: the first of a name counts.
    if (!attributes.has(name)) attributes.set(name, decoded)
  }
  return attributes
}

const references: Readonly<Record<string, string>> = {
  '&gt;': '>',
  '&lt;': '<',
  '&amp;': '&',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&#x27;': "'",
}

function decode(value: string): string | undefined {
  let isPlain = true
  const decoded = value.replaceAll(/&[^;&]{0,8};?/g, (reference) => {
    const character = references[reference]
    if (character === undefined) isPlain = false
    return character ?? reference
  })
  return isPlain ? decoded : undefined
}
