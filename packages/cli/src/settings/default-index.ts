/** The index that the pip of an environment was made for: where neither option nor file names one, pip asks that. */

import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import type { CacheFolder, Interpreter } from '@cheeseshop/installer'

/** Also looks into the pip that `ensurepip` would install, so that environments without pip have an answer. */
const script = `
import sys
try:
    from pip._internal.models.index import PyPI
except ImportError:
    import ensurepip, glob, os, sysconfig
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), '_bundled'), sysconfig.get_config_var('WHEEL_PKG_DIR') or '']
    wheels = [wheel for folder in folders for wheel in sorted(glob.glob(os.path.join(folder, 'pip-*.whl')))]
    sys.path.insert(0, wheels[-1])
    from pip._internal.models.index import PyPI
print(PyPI.simple_url)
`

/** `undefined` where no pip is to be found. The answer is kept until the interpreter changes. */
export async function findDefaultIndex(
  interpreter: Interpreter,
  cache: CacheFolder,
): Promise<string | undefined> {
  const { executable, facts } = interpreter
  for (const program of new Set([executable, facts.baseExecutable])) {
    const entry = `default-index/${Buffer.from(program).toString('base64url').slice(-120)}.json`
    const stamp = stampOf(program)
    const known = cache.readJson(entry) as { stamp?: unknown; url?: unknown } | undefined
    if (known?.stamp === stamp && typeof known.url === 'string') return known.url
    const url = await ask(program)
    if (url === undefined) continue
    cache.tryWriteJson(entry, { stamp, url })
    return url
  }
  return undefined
}

function stampOf(program: string): string {
  const { mtimeMs, size, ino } = statSync(program)
  return `${mtimeMs} ${size} ${ino}`
}

async function ask(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-I', '-c', script], { timeout: 20_000 })
    const url = stdout.trim()
    return /^https?:\/\//.test(url) ? url : undefined
  } catch {
    return undefined
  }
}
