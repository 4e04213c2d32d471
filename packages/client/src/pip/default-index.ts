/** The index that the pip of an environment was made for: where neither option nor file names one, pip asks that. */

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

/** Asks a Python interpreter. `undefined` where it has no pip, or is none. */
export function askDefaultIndex(python: string): Promise<string | undefined> {
  const { execFile } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve) => {
    execFile(python, ['-I', '-c', script], { timeout: 20_000 }, (error, stdout) => {
      const url = stdout.trim()
      resolve(error === null && /^https?:\/\//.test(url) ? url : undefined)
    })
  })
}
