/** The `Import-Name` and `Import-Namespace` fields (PEP 794). */

/** Python's reserved words, which are no identifiers. */
const keywords: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

/** What is wrong with an import name such as `demo.sub ; private`, or undefined. */
export function importNameProblem(text: string): string | undefined {
  const semicolon = text.indexOf(';')
  const name = (semicolon < 0 ? text : text.slice(0, semicolon)).trimEnd()
  const option = semicolon < 0 ? undefined : text.slice(semicolon + 1).trimStart()
  for (const identifier of name.split('.')) {
    // Python's str.isidentifier.
    if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(identifier)) {
      return 'is not an import name. Write identifiers with dots between them, such as "demo.sub".'
    }
    if (keywords.has(identifier))
      return `has a part that Python reserves (${identifier}). Rename the module.`
  }
  if (option !== undefined && option !== 'private') {
    return 'has an option that is not known. Only "; private" may follow an import name.'
  }
  return undefined
}
