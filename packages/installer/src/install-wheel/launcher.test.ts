import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { launcherText, rewriteShebang, shebang, withVersionedPip } from './launcher.ts'

describe('shebang', () => {
  it('names the interpreter, or a shell where the system could not read that', () => {
    assert.equal(shebang('/venv/bin/python'), '#!/venv/bin/python')
    const long = `/${'x'.repeat(130)}/python`
    assert.equal(shebang(long), `#!/bin/sh\n'''exec' "${long}" "$0" "$@"\n' '''`)
    assert.match(shebang('/my venv/bin/python'), /^#!\/bin\/sh\n/)
    assert.equal(shebang(`/${'é'.repeat(63)}`).startsWith('#!/bin/sh'), true, 'bytes count')
  })

  it('starts the interpreter whatever is in its path', async () => {
    await using folder = await temporaryFolder()
    const interpreter = folder.join('an "odd" $HOME `place` \\ here')
    writeFileSync(interpreter, '#!/bin/sh\necho "$@"\n')
    const script = folder.join('script')
    writeFileSync(script, `${shebang(interpreter)}\nimport sys\n`)
    for (const path of [interpreter, script]) chmodSync(path, 0o755)
    const { stdout } = spawnSync(script, ['a b', 'c'], { encoding: 'utf8' })
    assert.equal(stdout, `${script} a b c\n`)
  })
})

describe('scripts', () => {
  it('import the first part of the attribute and call all of it', () => {
    const text = launcherText({ name: 'demo', module: 'demo.cli', attribute: 'App.run' }, '/p')
    assert.equal(
      text,
      "#!/p\nimport sys\nfrom demo.cli import App\nif __name__ == '__main__':\n    sys.exit(App.run())\n",
    )
  })

  it('of wheels get the interpreter in place of "#!python", and keep the rest', () => {
    const rewritten = rewriteShebang(Buffer.from('#!pythonw -u\r\nprint(1)\n'), '/p')
    assert.equal(rewritten.toString(), '#!/p\nprint(1)\n')
    assert.equal(rewriteShebang(Buffer.from('#!python'), '/p').toString(), '#!/p\n')
  })

  it('of pip answer to the version of the interpreter', () => {
    const pip = { name: 'pip', module: 'pip', attribute: 'main' }
    const launchers = [pip, { ...pip, name: 'pip3' }, { ...pip, name: 'pip2.7' }]
    const names = withVersionedPip('pip', launchers, '3.12').map(({ name }) => name)
    assert.deepEqual(names, ['pip', 'pip3', 'pip3.12'])
    assert.equal(withVersionedPip('pip-tools', launchers, '3.12'), launchers)
  })
})
