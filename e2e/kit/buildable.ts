/** Source distributions that are built without anything from an index. */
import type { SdistBuilder } from '@cheeseshop/testing'
import type { Workplace } from './workplace.ts'

const backend = `
import base64, hashlib, os, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open("PKG-INFO") as file:
        metadata = file.read()
    fields = dict(line.split(": ", 1) for line in metadata.split("\\n\\n")[0].splitlines())
    stem = fields["Name"].replace("-", "_") + "-" + fields["Version"]
    info = stem + ".dist-info/"
    files = {name: open(name).read() for name in os.listdir(".") if name.endswith(".py")}
    files.pop("backend.py")
    files[info + "METADATA"] = metadata
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    def line(name):
        digest = hashlib.sha256(files[name].encode()).digest()
        return "%s,sha256=%s," % (name, base64.urlsafe_b64encode(digest).decode().rstrip("="))
    record = [line(name) for name in files] + [info + "RECORD,,", ""]
    files[info + "RECORD"] = "\\n".join(record)
    with zipfile.ZipFile(os.path.join(wheel_directory, stem + "-py3-none-any.whl"), "w") as wheel:
        for name in files:
            wheel.writestr(name, files[name])
    return stem + "-py3-none-any.whl"
`

const pyproject = `[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
`

/** PEP 517: a project that brings its own build backend, which needs only the standard library. */
export function withBackend(builder: SdistBuilder): SdistBuilder {
  return builder.file('pyproject.toml', pyproject).file('backend.py', backend)
}

/** An sdist without pyproject.toml, for a pip older than PEP 517; returns its path. */
export async function buildWithSetuptools(
  workplace: Workplace,
  module: string,
  source: string,
): Promise<string> {
  const script = `from setuptools import setup\nsetup(name="${module}", version="1.0", py_modules=["${module}"])\n`
  await workplace.write(`${module}/setup.py`, script)
  await workplace.write(`${module}/${module}.py`, source)
  const environment = await workplace.makeEnvironment('setuptools', 'pip-18.1')
  const cwd = workplace.join(module)
  const { code, output } = await environment.python(['setup.py', '-q', 'sdist'], { cwd })
  if (code !== 0) throw new Error(output)
  return workplace.join(module, 'dist', `${module}-1.0.tar.gz`)
}
