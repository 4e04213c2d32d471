/** Reads from the end of a build log what the person in front of it can do. */

const hints: readonly (readonly [pattern: RegExp, advice: (what: string) => string])[] = [
  [
    /ModuleNotFoundError: No module named '(distutils|imp|asynchat|asyncore)/,
    (module) =>
      `Python 3.12 and later have no ${module}: take a newer release, or an older Python.`,
  ],
  [
    /ModuleNotFoundError: No module named '([\w.]{1,100})/,
    (module) =>
      `The build imports ${module}, and its pyproject.toml does not ask for it. Install what provides it and build without isolation, or report it to the project.`,
  ],
  [
    /(?:fatal error: |Cannot open include file: ')(Python\.h)/,
    () => 'The headers of Python are not installed (Debian and Ubuntu: python3-dev).',
  ],
  [
    /fatal error: ([\w./+-]{1,100}): No such file/,
    (header) =>
      `The C header ${header} is not there: install the development files of its library.`,
  ],
  [
    /(?:error: command '([\w.+/-]{1,100})' failed: No such file|unable to execute '([\w.+/-]{1,100})'|Microsoft Visual C\+\+)/,
    (compiler) =>
      `There is no compiler${compiler && ` ${compiler}`} on this machine: install one, or choose a release with a wheel.`,
  ],
  [
    /(?:No such file or directory: '|can't find )(cargo|rustc)\b|Rust compiler/,
    () => 'It needs the Rust compiler: install it, or choose a release with a wheel.',
  ],
]

/** Undefined when nothing known is in it. */
export function failureHint(tail: string): string | undefined {
  for (const [pattern, advice] of hints) {
    const found = pattern.exec(tail)
    if (found) return advice(found[1] ?? found[2] ?? '')
  }
  return undefined
}
