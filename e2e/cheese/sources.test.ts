import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { commitAll, writeProject } from '../kit/project-folder.ts'
import { publish } from '../kit/publish.ts'
import { mustSucceed } from '../kit/publishing.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    wheel('colour', '1.0').file('colour.py', "version = '1.0'\n"),
    wheel('my-lib', '3.0').file('my_lib.py', "version = '3.0'\n"),
  ])
})
const cheese = new Cheese(session)

const lib = { name: 'my-lib', version: '1.0', extras: { paint: ['colour'] } }

/** direct_url.json of every project that has one. */
async function directUrls(folder: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for await (const path of glob('lib/*/site-packages/*.dist-info/direct_url.json', {
    cwd: folder,
  })) {
    const text = await readFile(join(folder, path), 'utf8')
    const name = path.split('/').at(-2)!.split('-')[0]!
    found[name] = JSON.parse(text.replaceAll(session.desk.folder, 'HOME'))
  }
  return found
}

async function python(folder: string, program: string): Promise<string> {
  return (await mustRun(join(folder, 'bin', 'python'), ['-c', program])).stdout
}

test('a folder is built and installed with its extras, again whenever it is asked for', async () => {
  await writeProject(session.desk, 'plain/lib', lib)
  const { folder, env } = await cheese.makeEnvironment('folder')
  const first = await cheese.run(['install', './plain/lib[paint]'], { env })
  assert.equal(
    first.output,
    `Resolved 2 projects in TIME
Built wheel of HOME/plain/lib in TIME
Prepared 2 wheels in TIME
Installed 2 projects in TIME
+ colour 1.0
+ my-lib 1.0 (from file://HOME/plain/lib)
`,
  )
  assert.deepEqual(await directUrls(folder), {
    my_lib: { url: 'file://HOME/plain/lib', dir_info: {} },
  })
  await writeProject(session.desk, 'plain/lib', { ...lib, version: '1.1' })
  const args = ['install', '.[paint]', '-C', 'mode=fast', '-C', 'mode=safe']
  const again = await cheese.run(args, { env, cwd: session.desk.join('plain/lib') })
  assert.match(again.output, /^~ my-lib 1\.0 -> 1\.1 \(from file:\/\/HOME\/plain\/lib\)$/m)
  assert.equal(
    await python(folder, 'import my_lib; print(my_lib.version, my_lib.settings)'),
    "1.1 {'mode': ['fast', 'safe']}\n",
  )
  const frozen = await cheese.run(['freeze'], { env })
  assert.equal(frozen.stdout, 'colour==1.0\nmy-lib @ file://HOME/plain/lib\n')
  const kept = await cheese.run(['install', 'my-lib'], { env })
  assert.equal(kept.output, 'Already satisfied: my-lib 1.1\n')
  const replaced = await cheese.run(['install', '-U', 'my-lib'], { env })
  assert.match(replaced.output, /^~ my-lib 1\.1 -> 3\.0$/m)
})

test('an editable project is a link to its sources, and shown as one', async () => {
  const path = await writeProject(session.desk, 'linked/lib', lib)
  const { folder, env } = await cheese.makeEnvironment('editable')
  const { output } = await cheese.run(['install', '-e', './linked/lib'], { env })
  assert.match(output, /^\+ my-lib 1\.0 \(from file:\/\/HOME\/linked\/lib\)$/m)
  assert.deepEqual(await directUrls(folder), {
    my_lib: { url: 'file://HOME/linked/lib', dir_info: { editable: true } },
  })
  await writeFile(join(path, 'my_lib.py'), "version = 'changed'\n")
  assert.equal(await python(folder, 'import my_lib; print(my_lib.version)'), 'changed\n')
  const frozen = await cheese.run(['freeze'], { env })
  assert.equal(
    frozen.stdout,
    '# Editable install with no version control (my-lib==1.0)\n-e HOME/linked/lib\n',
  )
  const listed = await cheese.run(['list', '--format', 'json'], { env })
  assert.equal(
    listed.stdout,
    '[{"name":"my-lib","version":"1.0","editable_project_location":"HOME/linked/lib"}]\n',
  )
  const shown = await cheese.run(['show', 'my-lib'], { env })
  assert.match(shown.stdout, /^Editable project location: HOME\/linked\/lib$/m)
  const removed = await cheese.run(['uninstall', '-y', './linked/lib'], { env })
  assert.equal(removed.output, '- my-lib 1.0\n')
})

test('a repository is installed by branch, tag, commit and folder; the same commit only once', async () => {
  const path = await writeProject(session.desk, 'repository', lib)
  await writeProject(session.desk, 'repository/inner', { name: 'inner', version: '0.1' })
  const first = await commitAll(path, 'v1')
  await writeProject(session.desk, 'repository', { ...lib, version: '2.0' })
  const second = await commitAll(path, 'v2')
  const url = `git+file://${path}`
  const { folder, env } = await cheese.makeEnvironment('git')
  const tagged = await cheese.run(['install', `${url}@v1`], { env })
  assert.match(tagged.output, /^\+ my-lib 1\.0 \(from git\+file:\/\/HOME\/repository@v1\)$/m)
  const same = await cheese.run(['install', `my-lib @ ${url}@v1`], { env })
  assert.equal(same.output, 'Resolved 1 project in TIME\nNothing to do: my-lib 1.0 is there\n')
  const pinned = await cheese.run(['install', `my-lib @ ${url}@${first}`], { env })
  assert.equal(pinned.output, 'Already satisfied: my-lib 1.0\n')
  const newer = await cheese.run(['install', `${url}#egg=my-lib`], { env })
  assert.match(newer.output, /^~ my-lib 1\.0 -> 2\.0 /m)
  await mustSucceed(cheese.run(['install', `${url}@main#subdirectory=inner`], { env }))
  const vcs = { vcs: 'git', commit_id: second }
  assert.deepEqual(await directUrls(folder), {
    my_lib: { url: 'file://HOME/repository', vcs_info: vcs },
    inner: {
      url: 'file://HOME/repository',
      vcs_info: { ...vcs, requested_revision: 'main' },
      subdirectory: 'inner',
    },
  })
  const frozen = await cheese.run(['freeze'], { env })
  assert.equal(
    frozen.stdout,
    `inner @ git+file://HOME/repository@${second}#subdirectory=inner\nmy-lib @ git+file://HOME/repository@${second}\n`,
  )
  const absent = await cheese.run(['install', `${url}@no-such`], { env })
  assert.equal(absent.code, 1)
  assert.match(absent.output, /^error: git failed for file:\/\/HOME\/repository: .*no-such/m)
})

test('an editable repository is checked out, and changes made there are never lost', async () => {
  const path = await writeProject(session.desk, 'checked', lib)
  const commit = await commitAll(path, 'v1')
  const { folder, env } = await cheese.makeEnvironment('checkout')
  const args = ['install', '-e', `git+file://${path}#egg=my-lib`]
  await mustSucceed(cheese.run([...args, '--dry-run'], { env }))
  assert.ok(!existsSync(join(folder, 'src')), 'a dry run checks nothing out')
  await mustSucceed(cheese.run(args, { env }))
  const frozen = await cheese.run(['freeze'], { env })
  assert.equal(frozen.stdout, `-e git+file://HOME/checked@${commit}#egg=my_lib\n`)
  await writeFile(join(folder, 'src/my-lib/my_lib.py'), 'mine = 1\n')
  const again = await cheese.run(args, { env })
  assert.equal(again.code, 1)
  assert.match(again.output, /src\/my-lib is in the way of .*: files in it were changed\./)
  assert.equal(await readFile(join(folder, 'src/my-lib/my_lib.py'), 'utf8'), 'mine = 1\n')
})

test('an archive of any name is installed, and refused before it is built when its hash is another', async () => {
  const path = await writeProject(session.desk, 'archived', lib)
  await commitAll(path, 'v1')
  const archive = session.desk.join('main.zip')
  await mustRun('git', ['-C', path, 'archive', '--prefix=lib-main/', '-o', archive, 'HEAD'])
  const sha256 = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex')
  const { folder, env } = await cheese.makeEnvironment('archive')
  const wrong = await cheese.run(['install', `file://${archive}#sha256=${'0'.repeat(64)}`], { env })
  assert.equal(wrong.code, 1)
  assert.match(wrong.output, /main\.zip is not the file it should be: its sha256 is/)
  assert.doesNotMatch(wrong.output, /Built/)
  const { filename, bytes } = sdist('local', '1.0').file('local.py', '').build()
  await session.desk.write(filename, bytes)
  const named = session.desk.join(filename)
  const other = await cheese.run(['install', `file://${named}#sha256=${'0'.repeat(64)}`], { env })
  assert.equal(other.code, 1)
  assert.match(other.output, /local-1\.0\.tar\.gz is not the file it should be: its sha256 is/)
  const odd = await cheese.run(['install', `file://${archive}#sha256=nonsense`], { env })
  assert.match(odd.output, /^error: "nonsense" is no sha256 digest\.$/m)
  await session.desk.write('hashed.txt', `my-lib @ file://${archive} --hash=sha256:${sha256}\n`)
  await mustSucceed(cheese.run(['install', '-r', 'hashed.txt'], { env }))
  assert.deepEqual(await directUrls(folder), {
    my_lib: { url: 'file://HOME/main.zip', archive_info: { hashes: { sha256 } } },
  })
  await session.desk.write('unhashed.txt', `${path}\ncolour==1.0 --hash=sha256:${sha256}\n`)
  const bare = await cheese.run(['install', '-r', 'unhashed.txt'], { env })
  assert.match(bare.output, /in hash mode everything needs a --hash.*my-lib @ file:/)
})

test('sources are locked, and installed from the lock wherever it stands', async () => {
  const path = await writeProject(session.desk, 'locked/repository', { name: 'tool', version: '4' })
  const commit = await commitAll(path, 'v4')
  await writeProject(session.desk, 'locked/lib', lib)
  const cwd = session.desk.join('locked')
  const args = ['lock', '-e', './lib[paint]', `git+file://${path}@v4`, '-o', 'pylock.toml']
  await mustSucceed(cheese.run(args, { cwd }))
  const text = await readFile(join(cwd, 'pylock.toml'), 'utf8')
  assert.match(text, /\[packages\.directory\]\npath = "lib"\neditable = true\n/)
  assert.match(text, new RegExp(`requested-revision = "v4"\ncommit-id = "${commit}"\n`))
  const { folder, env } = await cheese.makeEnvironment('from-lock')
  await mustSucceed(cheese.run(['sync', 'locked/pylock.toml'], { env }))
  assert.deepEqual(Object.keys(await directUrls(folder)).sort(), ['my_lib', 'tool'])
  const listed = await cheese.run(['list', '--format', 'freeze'], { env })
  assert.equal(listed.stdout, 'colour==1.0\nmy-lib==1.0\ntool==4\n')
  const pinned = await cheese.run([
    'lock',
    `git+file://${path}`,
    '-o',
    '-',
    '--format',
    'requirements.txt',
  ])
  assert.match(
    pinned.stdout,
    new RegExp(`^tool @ git\\+file://HOME/locked/repository@${commit}$`, 'm'),
  )
  const { filename, bytes } = wheel('colour', '1.0').file('colour.py', '').build()
  await session.desk.write(`locked/dist/${filename}`, bytes)
  const file = await cheese.run(['lock', `./dist/${filename}`, '-o', 'pylock.file.toml'], { cwd })
  assert.equal(file.code, 0, file.output)
  const locked = await readFile(join(cwd, 'pylock.file.toml'), 'utf8')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  assert.ok(locked.includes(`path = "dist/${filename}"`) && locked.includes(sha256), locked)
})

test('wheels of folders and repositories are gathered and downloaded with what they require', async () => {
  await writeProject(session.desk, 'gathered/lib', { ...lib, requires: ['colour'] })
  const cwd = session.desk.join('gathered')
  const wheels = await cheese.run(['wheel', './lib', '-w', 'wheels'], { cwd })
  assert.match(
    wheels.output,
    /\+ wheels\/colour-1\.0-.*\n\+ wheels\/my_lib-1\.0-py3-none-any\.whl\n$/,
  )
  const saved = await cheese.run(
    ['download', '-e', './lib', '-d', 'saved', '-q', '--format', 'json'],
    { cwd },
  )
  assert.deepEqual(JSON.parse(saved.stdout), [
    'saved/colour-1.0-py3-none-any.whl',
    'saved/my_lib-1.0-py3-none-any.whl',
  ])
  const { folder, env } = await cheese.makeEnvironment('gathered-env')
  const args = ['install', '--no-index', '-f', 'saved', 'my-lib']
  await mustSucceed(cheese.run(args, { env, cwd }))
  assert.equal(await python(folder, 'import my_lib; print(my_lib.version)'), '1.0\n')
})
