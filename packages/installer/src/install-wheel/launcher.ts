/** Scripts that start a function of a module, and the first line by which the system finds the interpreter. */
import type { Launcher } from '../cache/cached-wheel.ts'

/** The text of a script for an entry point. */
export function launcherText({ module, attribute }: Launcher, executable: string): string {
  const imported = attribute.split('.', 1)[0]
  return [
    shebang(executable),
    'import sys',
    `from ${module} import ${imported}`,
    "if __name__ == '__main__':",
    `    sys.exit(${attribute}())`,
    '',
  ].join('\n')
}

/** What Linux reads of a first line, before 5.1 and on some systems since. */
const longestShebang = 127

/**
 * `#!` and the interpreter; or, where that is too long or has a space, a shell that starts it: to the shell the lines
 * are a command with three empty quotes before it, to Python they are a string.
 */
export function shebang(executable: string): string {
  const plain = `#!${executable}`
  if (Buffer.byteLength(plain) < longestShebang && !/\s/.test(executable)) return plain
  const quoted = executable.replace(/["$`\\]/g, '\\$&')
  return `#!/bin/sh\n'''exec' "${quoted}" "$0" "$@"\n' '''`
}

/** Puts the interpreter into a script whose first line is `#!python` (PEP 427). */
export function rewriteShebang(script: Buffer, executable: string): Buffer {
  const end = script.indexOf('\n')
  const rest = end < 0 ? Buffer.from('\n') : script.subarray(end)
  return Buffer.concat([Buffer.from(shebang(executable)), rest])
}

/** What pip's own wheel cannot know: pip also answers to the version of its interpreter. */
export function withVersionedPip(
  name: string,
  launchers: readonly Launcher[],
  shortVersion: string,
): readonly Launcher[] {
  const pip = launchers.find((launcher) => launcher.name === 'pip')
  if (name !== 'pip' || pip === undefined) return launchers
  const names = ['pip', `pip${shortVersion.split('.')[0]}`, `pip${shortVersion}`]
  const others = launchers.filter((launcher) => !/^pip[\d.]*$/.test(launcher.name))
  return [...names.map((each) => ({ ...pip, name: each })), ...others]
}
