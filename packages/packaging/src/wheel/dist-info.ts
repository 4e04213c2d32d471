/** Finds the `.dist-info` folder of a wheel. */

import type { WheelFilename } from '../filenames.ts'
import { normalizeName } from '../names.ts'
import { tryParseVersion } from '../versions.ts'
import { type WheelProblem, wheelError, wheelWarning } from './wheel-problem.ts'

/** Its name, or '' when there is none; reports when there are several, or it is another project's. */
export function findDistInfo(
  names: readonly string[],
  filename: WheelFilename,
  problems: WheelProblem[],
): string {
  const folders = new Set<string>()
  for (const name of names) {
    const folder = name.slice(0, Math.max(name.indexOf('/'), 0))
    if (folder.endsWith('.dist-info')) folders.add(folder)
  }
  const found = [...folders]
  if (found.length === 0) {
    problems.push(
      wheelError(
        'dist-info-missing',
        'The wheel has no .dist-info folder, so nothing says what it is.',
      ),
    )
    return ''
  }
  if (found.length > 1) {
    const names = found.slice(0, 5).join(', ')
    problems.push(
      wheelError(
        'dist-info-several',
        `The wheel has ${found.length} .dist-info folders (${names}); it must have one.`,
      ),
    )
  }
  const expected = `${filename.rawName}-${filename.rawVersion}.dist-info`
  if (found.includes(expected)) return expected
  const fitting = found.find((folder) => fits(folder, filename))
  const message = `The folder ${fitting ?? found[0]!} does not carry the name and version of the filename; it should be ${expected}.`
  problems.push(
    fitting
      ? wheelWarning('dist-info-mismatch', message, fitting)
      : wheelError('dist-info-mismatch', message, found[0]!),
  )
  return fitting ?? found[0]!
}

/** The same name and version in another spelling, as old build tools left it. */
function fits(folder: string, filename: WheelFilename): boolean {
  const stem = folder.slice(0, -'.dist-info'.length)
  const dash = stem.lastIndexOf('-')
  const version = dash < 0 ? undefined : tryParseVersion(stem.slice(dash + 1))
  return (
    version !== undefined &&
    normalizeName(stem.slice(0, dash)) === filename.name &&
    version.compare(filename.version) === 0
  )
}
