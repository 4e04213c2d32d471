/** Folders with a project in them, built by a backend of their own that needs nothing from an index. */
import { mustRun } from '../../tools/run-command.ts'
import type { Workplace } from './workplace.ts'

/** Makes the wheel of one module, or for an editable a path file that leads to the folder. */
const backend = `
import json, os, zipfile

def _project():
    with open("project.json") as file:
        return json.load(file)

def _write(folder, name, files):
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name

def _build(folder, content):
    project = _project()
    stem = project["name"].replace("-", "_") + "-" + project["version"]
    info = stem + ".dist-info/"
    metadata = ["Metadata-Version: 2.1", "Name: " + project["name"], "Version: " + project["version"]]
    metadata += ["Requires-Dist: " + each for each in project["requires"]]
    for extra, requires in project["extras"].items():
        metadata.append("Provides-Extra: " + extra)
        metadata += ["Requires-Dist: %s; extra == '%s'" % (each, extra) for each in requires]
    files = dict(content)
    files[info + "METADATA"] = "\\n".join(metadata) + "\\n"
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[info + "RECORD"] = "".join(path + ",,\\n" for path in [*files, info + "RECORD"])
    return _write(folder, stem + "-py3-none-any.whl", files)

def build_wheel(folder, config_settings=None, metadata_directory=None):
    module = _project()["name"].replace("-", "_") + ".py"
    with open(module) as file:
        text = file.read()
    return _build(folder, {module: text + "settings = %r\\n" % (config_settings,)})

def build_editable(folder, config_settings=None, metadata_directory=None):
    return _build(folder, {"_editable_" + _project()["name"] + ".pth": os.getcwd() + "\\n"})
`

export interface ProjectFolder {
  readonly name: string
  readonly version: string
  readonly requires?: readonly string[]
  readonly extras?: Readonly<Record<string, readonly string[]>>
}

/** Returns the path of the folder. The module has the project's name, and a `version`. */
export async function writeProject(
  desk: Workplace,
  folder: string,
  { name, version, requires = [], extras = {} }: ProjectFolder,
): Promise<string> {
  const table = (key: string, value: unknown) => `${key} = ${JSON.stringify(value)}`
  const lines = [
    '[project]',
    table('name', name),
    table('version', version),
    table('dependencies', requires),
    '[project.optional-dependencies]',
    ...Object.entries(extras).map(([extra, needs]) => table(extra, needs)),
    '[build-system]',
    'requires = []',
    'build-backend = "backend"',
    'backend-path = ["."]',
  ]
  await desk.write(`${folder}/pyproject.toml`, `${lines.join('\n')}\n`)
  // The backend runs on Pythons that read no TOML.
  await desk.write(`${folder}/project.json`, JSON.stringify({ name, version, requires, extras }))
  await desk.write(`${folder}/backend.py`, backend)
  const module = `${name.replaceAll('-', '_')}.py`
  await desk.write(`${folder}/${module}`, `version = ${JSON.stringify(version)}\n`)
  return desk.join(folder)
}

/** Makes a commit of all that is in the folder, with a tag, and returns its name. */
export async function commitAll(folder: string, tag: string): Promise<string> {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  const git = (...args: string[]) => mustRun('git', ['-C', folder, ...identity, ...args])
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', tag)
  await git('tag', tag)
  return (await git('rev-parse', 'HEAD')).stdout.trim()
}
