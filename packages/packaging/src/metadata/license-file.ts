/** The `License-File` field (PEP 639): paths below the root of an sdist or below `licenses/` of a wheel. */

/** What is wrong with the path of a licence file, or undefined. */
export function licenseFileProblem(path: string): string | undefined {
  if (path.includes('..'))
    return 'may not contain "..". Name the file below the root of the project.'
  if (path.includes('*')) return 'may not be a pattern. Name each file.'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'must be a relative path.'
  if (path.includes('\\')) return 'must have "/" between its parts.'
  if (path === '' || path.split('/').some((part) => part === '' || part === '.')) {
    return 'must be a plain path, without empty parts or ".".'
  }
  return undefined
}
