/**
 * Finds what indexes cannot show of a README. It renders nothing: reStructuredText is looked through for the faults that
 * stop docutils for certain, and everything else for what the page of a project will not have.
 */
import { type CoreMetadata, parseMediaType } from '@cheeseshop/packaging'

/** Sentences; none for a README with which nothing known is wrong. */
export function checkReadme({ description, descriptionContentType }: CoreMetadata): string[] {
  const text = description?.trim() ?? ''
  if (text === '') return []
  const type = descriptionContentType ? parseMediaType(descriptionContentType).type : undefined
  if (type === 'text/plain') return []
  if (type === 'text/markdown') return checkMarkdown(text)
  if (type === undefined && looksLikeMarkdown(text))
    return [
      'the README looks like Markdown, and no Description-Content-Type says so: indexes take it for reStructuredText',
    ]
  return checkRst(text)
}

function looksLikeMarkdown(text: string): boolean {
  return /^#{1,3} \S|^```|\[[^\]\n]{1,200}\]\(\S{1,500}\)/m.test(text)
}

/** Every text is Markdown; what it links to must be on the web. */
function checkMarkdown(text: string): string[] {
  const outside = text.replace(/^```[\s\S]*?^```/gm, '')
  const local = [...outside.matchAll(/!\[[^\]\n]{0,200}\]\((?!https?:|data:|#)([^)\s]{1,300})/g)]
  return local
    .slice(0, 5)
    .map(
      ([, path]) => `the README shows ${path}, which an index does not have: write its whole URL`,
    )
}

/** Those of docutils, save `include` and `raw`, which indexes turn off. */
const directives = new Set(
  `admonition attention caution class code code-block compound container contents csv-table danger date default-role
  epigraph error figure footer header highlights hint image important line-block list-table math meta note
  parsed-literal pull-quote replace role rst-class rubric section-numbering sectnum sidebar sourcecode table
  target-notes tip title topic unicode warning`.split(/\s+/),
)

const roles = new Set(
  `ab abbreviation ac acronym anonymous-reference citation-reference code emphasis footnote-reference i index literal
  math named-reference pep pep-reference rfc rfc-reference strong sub subscript substitution-reference sup superscript
  t target title title-reference uri uri-reference url`.split(/\s+/),
)

function checkRst(text: string): string[] {
  const lines = withoutLiterals(text.split(/\r?\n/))
  const own = new Set(lines.flatMap((line) => /^\s*\.\. role:: *([\w-]+)/.exec(line)?.[1] ?? []))
  const faults = lines.flatMap((line, at) => {
    const where = `line ${at + 1} of the README`
    const directive = /^\s*\.\. (?:\|[^|]{1,100}\| )?([\w-]{1,60})::(\s|$)/.exec(line)?.[1]
    if (directive !== undefined && !directives.has(directive.toLowerCase()))
      return [`${where} has the directive "${directive}", which indexes do not render`]
    const role = [...line.matchAll(/(?:^|[\s(]):([a-z][\w:+.-]{0,60}):`/g)]
      .map(([, name]) => name!)
      .find((name) => !roles.has(name) && !own.has(name))
    if (role !== undefined) return [`${where} has the role "${role}", which indexes do not render`]
    return isUnderlineTooShort(lines, at)
      ? [`${where} is too short to underline the title above it`]
      : []
  })
  return faults.slice(0, 10)
}

/** Shorter ones are text to docutils. */
const shortestUnderline = 4

function isUnderlineTooShort(lines: readonly string[], at: number): boolean {
  const [before = '', title = '', line = ''] = [lines[at - 2], lines[at - 1], lines[at]]
  const isUnderline = /^([=\-~^"'*+#:.`_<>])\1*$/.test(line) && line.length >= shortestUnderline
  const isTitle = /^\S/.test(title) && !/^(\S)\1*$/.test(title) && before.trim() === ''
  return isUnderline && isTitle && !title.startsWith('.. ') && line.length < title.trimEnd().length
}

/** Blank in place of comments, code and what follows "::", so that lines keep their numbers. */
function withoutLiterals(lines: readonly string[]): string[] {
  let literalFrom: number | undefined
  return lines.map((line) => {
    const indent = line.search(/\S/)
    if (indent < 0) return ''
    if (literalFrom !== undefined && indent > literalFrom) return ''
    literalFrom = undefined
    const isDirective = /^\s*\.\. (\|[^|]{1,100}\| )?[\w-]{1,60}::/.test(line)
    const isCode = /^\s*\.\. (code|code-block|sourcecode|math|parsed-literal)::/.test(line)
    const isComment = /^\s*\.\.( |$)/.test(line) && !isDirective && !/^\s*\.\. (_|\[|\|)/.test(line)
    if (isCode || isComment || (line.trimEnd().endsWith('::') && !isDirective)) literalFrom = indent
    return isComment ? '' : line
  })
}
