/** Finds in a page of HTML what counts on a simple page: its anchors, heading, metas and base. */
import { type Token, Tokenizer, TokenizerMode } from 'parse5'
import { InvalidSimplePage } from './model.ts'
import { type Anchor, longestText, readPlainAnchors } from './plain-anchors.ts'

export interface ScannedPage {
  baseUrl: string
  heading: string
  serial?: number
  readonly metas: Map<string, string>
  readonly anchors: Anchor[]
}

export interface ScanLimits {
  /** A page with more anchors is refused. */
  readonly anchors?: number
  /** Characters of one step. */
  readonly piece?: number
}

/** Anchors of one step. */
const anchorsAtOnce = 1000

/**
 * Collects the anchors and the few other things that matter.
 * Tokens, not a tree: a page of a million unclosed elements costs no more than any other of its length. In steps of a few
 * milliseconds, so that whoever reads a large page may do something else between them.
 */
export function* scanPage(
  text: string,
  baseUrl: string,
  { anchors: most = Number.POSITIVE_INFINITY, piece = 262_144 }: ScanLimits = {},
): Generator<void, ScannedPage> {
  const page: ScannedPage = { baseUrl, heading: '', metas: new Map(), anchors: [] }
  const pause = function* () {
    if (page.anchors.length > most) throw tooMany(`${most} links`)
    if (attributesOf(tokenizer) > mostAttributes)
      throw tooMany(`${mostAttributes} attributes in a tag`)
    yield
  }
  let inside: 'a' | 'h1' | undefined
  const collect = ({ chars }: Token.CharacterToken) => {
    const anchor = page.anchors.at(-1)
    if (inside === 'a' && anchor !== undefined) anchor.text = append(anchor.text, chars)
    if (inside === 'h1') page.heading = append(page.heading, chars)
  }
  const ignore = () => {}
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: false },
    {
      onStartTag: (tag) => {
        tokenizer.state = textMode(tag.tagName)
        readTag(page, tag)
        if (tag.tagName === 'a' || tag.tagName === 'h1') inside = tag.tagName
      },
      onEndTag: ({ tagName }) => {
        if (tagName === inside) inside = undefined
      },
      onCharacter: collect,
      onWhitespaceCharacter: collect,
      onNullCharacter: ignore,
      onComment: ({ data }) => {
        const serial = /^\s{0,8}SERIAL\s{1,8}(\d{1,15})\s{0,8}$/.exec(data)
        if (serial !== null) page.serial = Number(serial[1])
      },
      onDoctype: ignore,
      onEof: ignore,
    },
  )
  const begin = Math.max(0, text.indexOf('<a '))
  const tokenize = function* (from: number, to: number) {
    for (let at = from; at < to; at += piece) {
      tokenizer.write(text.slice(at, Math.min(at + piece, to)), false)
      yield* pause()
    }
  }
  yield* tokenize(0, begin)
  let end = begin
  if (tokenizer.state === TokenizerMode.DATA && inside === undefined) {
    for (let isMore = true; isMore; yield* pause()) {
      const known = page.anchors.length
      end = readPlainAnchors(text, { start: end, most: anchorsAtOnce }, page.anchors)
      isMore = page.anchors.length === known + anchorsAtOnce
    }
  }
  yield* tokenize(end, text.length)
  tokenizer.write('', true)
  return page
}

/** A tag is kept until its end, and nobody else bounds it. */
const mostAttributes = 1000

/** Of the tag that has begun. A class of our own would be made, and parse5 loaded, where no page is HTML. */
function attributesOf(tokenizer: Tokenizer): number {
  const { currentToken } = tokenizer as unknown as { currentToken: Token.Token | null }
  return currentToken !== null && 'attrs' in currentToken ? currentToken.attrs.length : 0
}

function tooMany(what: string): InvalidSimplePage {
  return new InvalidSimplePage('malformed', `The page has more than ${what}.`)
}

function append(text: string, more: string): string {
  return text.length >= longestText ? text : text + more.slice(0, longestText - text.length)
}

/** What a tree builder would tell the tokenizer: the elements whose content is not markup. */
function textMode(tagName: string): Tokenizer['state'] {
  if (tagName === 'script') return TokenizerMode.SCRIPT_DATA
  if (tagName === 'style') return TokenizerMode.RAWTEXT
  if (tagName === 'title' || tagName === 'textarea') return TokenizerMode.RCDATA
  return TokenizerMode.DATA
}

function readTag(page: ScannedPage, tag: Token.TagToken): void {
  const attributes = () => new Map(tag.attrs.map(({ name, value }) => [name, value]))
  if (tag.tagName === 'a') page.anchors.push({ attributes: attributes(), text: '' })
  if (tag.tagName === 'meta') {
    const map = attributes()
    page.metas.set(map.get('name')?.toLowerCase() ?? '', map.get('content') ?? '')
  }
  // HTML: only the first <base> counts.
  if (tag.tagName === 'base' && !page.metas.has('<base>')) {
    page.metas.set('<base>', '')
    page.baseUrl =
      URL.parse(attributes().get('href')?.trim() ?? '', page.baseUrl)?.href ?? page.baseUrl
  }
}
