import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { glob, readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { mustRun } from '../../tools/run-command.ts'
import { mustSucceed } from '../kit/publishing.ts'
import { useSession } from '../kit/session.ts'
import { downloadRealProjects } from '../real-projects/download.ts'
import { Cheese } from './cheese.ts'

const { wheels, sdists } = await downloadRealProjects()
/** Backends and everything else come from files: no index is needed to build. */
const files = [wheels, sdists].flatMap(([path]) => ['--find-links', dirname(path!)])
const alone = ['--no-index', ...files]
const session = useSession()
const cheese = new Cheese(session)

const table = (name: string) =>
  `[project]\nname = "${name}"\nversion = "1.0"\ndescription = "Made for a test"\nrequires-python = ">=3.8"\nauthors = [{ name = "Ada", email = "ada@example.org" }]\n`
const system = (requires: string, backend: string) =>
  `[build-system]\nrequires = ["${requires}"]\nbuild-backend = "${backend}"\n`

/** Files of a project by backend; the module is the same for all. */
const projects: Record<string, Record<string, string>> = {
  'by-setup-py': {
    'setup.py':
      'from setuptools import setup\nsetup(name="by-setup-py", version="1.0", packages=["by_setup_py"])\n',
  },
  'by-setuptools': {
    'pyproject.toml': table('by-setuptools') + system('setuptools>=77', 'setuptools.build_meta'),
  },
  'by-flit': { 'pyproject.toml': table('by-flit') + system('flit_core', 'flit_core.buildapi') },
  'by-hatch': { 'pyproject.toml': table('by-hatch') + system('hatchling', 'hatchling.build') },
  'by-poetry': {
    'pyproject.toml': table('by-poetry') + system('poetry-core', 'poetry.core.masonry.api'),
  },
}

async function writeProject(name: string, more: Record<string, string> = {}): Promise<string> {
  const module = name.replaceAll('-', '_')
  const content = {
    [`${module}/__init__.py`]: '"""Made for a test."""\nanswer = 42\n',
    ...projects[name],
    ...more,
  }
  for (const [path, text] of Object.entries(content))
    await session.desk.write(`${name}/${path}`, text)
  return session.desk.join(name)
}

for (const name of Object.keys(projects)) {
  const module = name.replaceAll('-', '_')
  test(`a project ${name.replace('-', ' ')} is built, published, and installed back`, async () => {
    const cwd = await writeProject(name)
    const built = await cheese.run(['build', ...alone], { cwd })
    assert.equal(built.code, 0, built.output)
    const made = (await readdir(join(cwd, 'dist'))).sort()
    assert.deepEqual(made, [`${module}-1.0-py3-none-any.whl`, `${module}-1.0.tar.gz`])

    const env = {
      CHEESE_PUBLISH_URL: session.server.uploadUrl,
      CHEESE_PUBLISH_TOKEN: session.server.token,
    }
    await mustSucceed(cheese.run(['publish'], { cwd, env }))
    const again = await cheese.run(['publish', '--check-url', session.server.simpleUrl], {
      cwd,
      env,
    })
    assert.match(
      again.output,
      new RegExp(
        `^= ${module}-1.0-py3-none-any.whl is there already\n= ${module}-1.0.tar.gz is there already\nPublished 0 files, 2 there already\n$`,
      ),
    )

    const place = await cheese.makeEnvironment(`env-${name}`)
    await mustSucceed(cheese.run(['install', name], { env: place.env }))
    await mustRun(join(place.folder, 'bin', 'python'), [
      '-c',
      `import ${module}; assert ${module}.answer == 42`,
    ])
  })
}

test('the same sources and SOURCE_DATE_EPOCH make the same bytes', async () => {
  const cwd = await writeProject('by-flit')
  const build = async (folder: string) => {
    const env = { SOURCE_DATE_EPOCH: '1700000000' }
    const { stdout } = await mustSucceed(
      cheese.run(['build', '--out-dir', folder, '--format', 'json', ...alone], { cwd, env }),
    )
    const rows = JSON.parse(stdout) as { path: string; sha256: string }[]
    for (const { path, sha256 } of rows) {
      const bytes = await readFile(join(cwd, path))
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256)
    }
    return rows.map(({ sha256 }) => sha256)
  }
  const first = await build('one')
  assert.equal(first.length, 2)
  assert.deepEqual(await build('two'), first)
})

/** One or more each for setuptools, flit-core, hatchling and poetry-core, the last of which builds itself. */
const real = 'six toml docopt h11 idna tomli packaging colorama sqlparse poetry-core'.split(' ')

test('what is built comes to the folder of the project, and what is built of an sdist beside that', async () => {
  const folder = await writeProject('by-flit')
  const where = (word: string, ...more: string[]) =>
    cheese.run(['build', word, ...more, '--format', 'json', ...alone], { cwd: dirname(folder) })
  const paths = async (...args: [string, ...string[]]) =>
    JSON.parse((await mustSucceed(where(...args))).stdout).map(({ path }: { path: string }) => path)
  const sdist = 'by-flit/dist/by_flit-1.0.tar.gz'
  const made = 'by-flit/dist/by_flit-1.0-py3-none-any.whl'
  assert.deepEqual(await paths('by-flit'), [sdist, made])
  assert.deepEqual(await paths(sdist), [made])
})

test('ten real sdists are built and installed, and the next time taken from the cache', async () => {
  const chosen = real.flatMap((name) => ['--no-binary', name])
  const install = async (name: string) => {
    const { folder, env } = await cheese.makeEnvironment(name)
    const args = ['install', '-v', ...alone, ...chosen, ...real]
    const { output } = await mustSucceed(cheese.run(args, { env }))
    const program = `import ${real.join(', ').replace('-', '.')}`
    await mustRun(join(folder, 'bin', 'python'), ['-c', program])
    return output.match(/^Built wheel of \S+/gm) ?? []
  }
  assert.equal((await install('from-source')).length, real.length)
  assert.deepEqual(await install('from-cache'), [])
})

test('an sdist by its path leaves the digest of the sdist, not of the wheel built of it', async () => {
  const path = sdists.find((each) => basename(each).startsWith('docopt-'))!
  const { folder, env } = await cheese.makeEnvironment('by-path')
  await mustSucceed(cheese.run(['install', ...alone, path], { env }))
  const [text] = await Array.fromAsync(
    glob('lib/*/site-packages/docopt-*.dist-info/direct_url.json', { cwd: folder }),
    (name) => readFile(join(folder, name), 'utf8'),
  )
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  assert.deepEqual(JSON.parse(text!), {
    url: pathToFileURL(path).href,
    archive_info: { hashes: { sha256 } },
  })
})

test('wheels are gathered, and built of folders and sdists', async () => {
  const cwd = await writeProject('by-setuptools', {
    'pyproject.toml': `${table('by-setuptools')}dependencies = ["docopt", "flask"]\n${system('setuptools>=77', 'setuptools.build_meta')}`,
  })
  const args = ['wheel', '--wheel-dir', 'wheels', '--format', 'json', ...alone, '.']
  const { stdout } = await mustSucceed(cheese.run(args, { cwd }))
  const names = (JSON.parse(stdout) as string[]).map((path) => path.split('-')[0])
  const flask = 'blinker click flask itsdangerous jinja2 markupsafe werkzeug'.split(' ')
  const expected = ['by_setuptools', 'docopt', ...flask].map((name) => `wheels/${name}`)
  assert.deepEqual(names, expected.sort())
  assert.deepEqual(
    (await readdir(join(cwd, 'wheels'))).map((name) => `wheels/${name.split('-')[0]}`).sort(),
    names,
  )
})

test('a tag of a git repository is built, by a backend that counts from tags', async () => {
  const script = `import re, subprocess
from setuptools import setup
described = subprocess.run(["git", "describe", "--tags"], capture_output=True, text=True)
version = described.stdout.strip() or re.search("^Version: (.*)$", open("PKG-INFO").read(), re.M)[1]
setup(name="by-git", version=version, packages=["by_git"])
`
  const cwd = await writeProject('by-git', { 'setup.py': script })
  const commands = [
    ['init', '--quiet'],
    ['add', '.'],
    ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '-m', 'One'],
    ['tag', 'v3.4'],
  ]
  for (const args of commands) await mustRun('git', ['-C', cwd, ...args])
  const url = `git+file://${cwd}@v3.4`
  const made = async (args: string[]) => {
    const { stdout } = await mustSucceed(cheese.run([...args, '--format', 'json', ...alone, url]))
    return JSON.parse(stdout)
  }
  const built = (await made(['build', '-o', 'from-git'])) as { path: string }[]
  const paths = ['from-git/by_git-3.4.tar.gz', 'from-git/by_git-3.4-py3-none-any.whl']
  assert.deepEqual(
    built.map(({ path }) => path),
    paths,
  )
  assert.deepEqual(await made(['wheel', '-w', 'from-git']), [paths[1]])
})

test('a build that fails shows the end of its log, and changes nothing', async () => {
  const cwd = await writeProject('failing', {
    'setup.py': 'print("so far so good")\nimport nothing_like_it\n',
  })
  const { code, output } = await cheese.run(['build', ...alone], { cwd })
  assert.equal(code, 1)
  assert.match(
    output,
    /^error: get_requires_for_build_sdist of setuptools\.build_meta:__legacy__ for HOME\/failing failed: ModuleNotFoundError: No module named 'nothing_like_it'$/m,
  )
  assert.match(output, /^so far so good$/m)
  assert.match(output, /^hint: The build imports nothing_like_it/m)
  const log = /^The whole log: HOME(\/\S+)$/m.exec(output)?.[1]
  assert.match(await readFile(session.desk.join(log!), 'utf8'), /^so far so good\n/)
  assert.ok(!(await readdir(cwd)).includes('dist'))
})

test('without isolation the environment must have the backend', async () => {
  const cwd = await writeProject('by-flit')
  const { env } = await cheese.makeEnvironment('without-isolation')
  const build = () =>
    cheese.run(['build', '--wheel', '--no-build-isolation', ...alone], { cwd, env })
  const missing = await build()
  assert.match(
    missing.output,
    /^error: The build backend "flit_core\.buildapi" of .* cannot be imported: No module named 'flit_core'$/m,
  )
  await mustSucceed(cheese.run(['install', ...alone, 'flit-core'], { env }))
  await mustSucceed(build())
})

test('settings reach the backend, and constraints its requirements', async () => {
  const backend =
    'import json\nfrom flit_core.buildapi import *\ndef get_requires_for_build_wheel(settings=None):\n    print("settings", json.dumps(settings))\n    return []\n'
  const own =
    table('by-flit') + system('flit_core', 'own').replace(/$/, 'backend-path = ["tools"]\n')
  const cwd = await writeProject('by-flit', { 'pyproject.toml': own, 'tools/own.py': backend })
  const args = ['build', '--wheel', '-v', ...alone]
  const { output } = await mustSucceed(
    cheese.run([...args, '-C', 'a=1', '-C', 'a=2', '-C', 'other:b=3'], { cwd }),
  )
  assert.match(output, /^ {2}settings \{"a": \["1", "2"\]\}$/m)
  const path = await session.desk.write('constraints.txt', 'flit-core<1\n')
  const narrow = await cheese.run([...args, '--build-constraint', path], { cwd })
  assert.equal(narrow.code, 1)
  assert.match(narrow.output, /^error: What HOME\/by-flit needs to be built cannot be had\./m)
})
