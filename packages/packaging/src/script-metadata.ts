/** Metadata inside a single-file script: the `# /// script` block (PEP 723). */

import { parse, TomlError } from 'smol-toml'
import { InvalidRequirement, parseRequirement, type Requirement } from './requirements.ts'
import { InvalidSpecifier } from './specifier.ts'
import { parseSpecifierSet, type SpecifierSet } from './specifiers.ts'

export interface ScriptMetadata {
  readonly dependencies: readonly Requirement[]
  readonly requiresPython?: SpecifierSet
  /** The `[tool]` table, as it is. */
  readonly tool?: Readonly<Record<string, unknown>>
}

/**
 * A script whose metadata block breaks PEP 723.
 *
 * @example
 * ```ts
 * readScriptMetadata('# /// script\n# dependencies = 1\n# ///\n') // throws InvalidScriptMetadata
 * ```
 */
export class InvalidScriptMetadata extends Error {
  override readonly name = 'InvalidScriptMetadata'
}

/**
 * Reads the `script` block of a Python file; undefined when it has none. Throws `InvalidScriptMetadata` when there are
 * two, or its content is not what PEP 723 says.
 *
 * @example
 * ```ts
 * const script = readScriptMetadata('# /// script\n# requires-python = ">=3.11"\n# dependencies = ["requests<3"]\n# ///\nprint()\n')
 * script.dependencies.map(String) // ['requests<3']
 * readScriptMetadata('print()') // undefined
 * ```
 */
export function readScriptMetadata(text: string): ScriptMetadata | undefined {
  const blocks = findBlocks(text).filter(({ type }) => type === 'script')
  const [block] = blocks
  if (block === undefined) return undefined
  if (blocks.length > 1)
    throw new InvalidScriptMetadata('The script has more than one "script" block. Merge them.')
  return readTable(parseToml(block.content))
}

/** One `# /// type` block. */
export interface ScriptBlock {
  readonly type: string
  /** Its lines, without the comment signs. */
  readonly content: string
}

/**
 * Finds every metadata block of a file, of whatever type.
 *
 * @example
 * ```ts
 * findBlocks('# /// lock\n# a = 1\n#\n# ///\n') // [{ type: 'lock', content: 'a = 1\n\n' }]
 * ```
 */
export function findBlocks(text: string): ScriptBlock[] {
  const blocks: ScriptBlock[] = []
  const lines = text.split(/\r\n|\r|\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const type = /^# \/\/\/ ([a-zA-Z0-9-]+)$/.exec(lines[at]!)?.[1]
    if (type === undefined) continue
    const { closing, end } = scanComment(lines, at + 1)
    if (closing > at + 1) {
      const content = lines.slice(at + 1, closing).map((line) => `${line.slice(2)}\n`)
      blocks.push({ type, content: content.join('') })
    }
    // Whether or not it was closed, no other block can begin and end in the same comment.
    at = end - 1
  }
  return blocks
}

/**
 * Where the comment that starts at a line ends, and where its last "# ///" is: a block ends at the last one, so that
 * its TOML may hold "///" itself.
 */
function scanComment(lines: readonly string[], start: number): { closing: number; end: number } {
  let closing = -1
  let end = start
  for (; end < lines.length; end += 1) {
    const line = lines[end]!
    if (line !== '#' && !line.startsWith('# ')) break
    if (line === '# ///') closing = end
  }
  return { closing, end }
}

function parseToml(content: string): Readonly<Record<string, unknown>> {
  try {
    return parse(content)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw new InvalidScriptMetadata(
      `The "script" block is not TOML: ${error.message.slice(0, 300)}`,
    )
  }
}

function readTable(table: Readonly<Record<string, unknown>>): ScriptMetadata {
  const { dependencies = [], 'requires-python': requiresPython, tool } = table
  if (!Array.isArray(dependencies) || !dependencies.every((item) => typeof item === 'string')) {
    throw new InvalidScriptMetadata(
      '"dependencies" of the "script" block must be a list of strings.',
    )
  }
  if (requiresPython !== undefined && typeof requiresPython !== 'string') {
    throw new InvalidScriptMetadata('"requires-python" of the "script" block must be a string.')
  }
  if (tool !== undefined && (typeof tool !== 'object' || tool === null || Array.isArray(tool))) {
    throw new InvalidScriptMetadata('"tool" of the "script" block must be a table.')
  }
  try {
    return {
      dependencies: dependencies.map(parseRequirement),
      ...(requiresPython !== undefined && { requiresPython: parseSpecifierSet(requiresPython) }),
      ...(tool && { tool: tool as Readonly<Record<string, unknown>> }),
    }
  } catch (error) {
    if (!(error instanceof InvalidRequirement) && !(error instanceof InvalidSpecifier)) throw error
    throw new InvalidScriptMetadata(`The "script" block is not valid. ${error.message}`)
  }
}
