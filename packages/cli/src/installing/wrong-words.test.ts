import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { serve, serveFiles, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

describe('words that were meant otherwise', () => {
  it('are answered with the names on the index, and of what is installed, that come nearest', async () => {
    await using at = await desk()
    at.offer(wheel('local-thing', '1.0'))
    await at.must('install local-thing')
    const list = JSON.stringify({ meta: {}, projects: [{ name: 'Flask' }, { name: 'django' }] })
    await using server = await serve((request, response) => {
      if (request.url === '/simple/') response.end(list)
      else response.writeHead(404).end()
    })
    const index = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${server.url}/simple/` }
    const meant = { flsk: 'flask', 'local-thingy': 'local-thing', 'nothing-like-it': undefined }
    for (const [name, suggestion] of Object.entries(meant)) {
      const { code, error } = await at.run(`install ${name}`, index)
      assert.equal(code, 1)
      const hint = suggestion ? `did you mean ${suggestion}?` : 'check the name, or name the index'
      assert.deepEqual(error.match(/^hint: .*$/gm)?.length, 1)
      assert.ok(error.includes(`\nhint: ${name} was not found; ${hint}`), error)
    }
  })

  it('are answered with the names that a search kept where the index lists millions', async () => {
    await using at = await desk()
    const projects = [{ name: 'Flask', padding: ' '.repeat(6e6) }]
    await using server = await serve((request, response) => {
      if (request.url === '/simple/') response.end(JSON.stringify({ meta: {}, projects }))
      else response.writeHead(404).end()
    })
    const index = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${server.url}/simple/` }
    assert.equal((await at.run('search other', index)).code, 23)
    const { error } = await at.run('install flsk', index)
    assert.match(error, /^hint: flsk was not found; did you mean flask\?$/m)
    assert.deepEqual(server.paths(), ['GET /simple/', 'GET /simple/flsk/'])
  })

  it('cost no more than the failure where the index lists millions, or nothing', async () => {
    await using at = await desk()
    const long = Buffer.alloc(6_000_000, ' ')
    await using server = await serve((request, response) => {
      if (request.url === '/long/') response.writeHead(200, { 'content-length': 6e6 }).end(long)
      else response.writeHead(404).end()
    })
    for (const path of ['long', 'none']) {
      const index = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${server.url}/${path}/` }
      const { code, error } = await at.run('install flsk', index)
      assert.equal(code, 1)
      assert.match(error, /^hint: flsk was not found; check the name/m)
    }
  })

  it('have another hint where nobody may be asked, and none that says the same once more', async () => {
    await using at = await desk()
    const { filename } = wheel('one', '1.0').build()
    await using server = await serveFiles({
      '/simple/one/': `<a href="/${filename}">${filename}</a>`,
    })
    const index = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${server.url}/simple/` }
    await at.run('index versions one', index)
    const one = await at.run('install one --offline', index)
    assert.match(one.error, /^ {2}1\.0 {2}has metadata that is not in the cache$/m)
    assert.match(
      one.error,
      /\nhint: one 1\.0 would match; try again without the offline setting\n$/,
    )
    const two = await at.run('install two --offline', index)
    assert.match(two.error, /\/two\/ is not in the cache, and the network is not to be used\n/)
    assert.match(two.error, /\nhint: two may be there; try again without the offline setting\n$/)
  })

  it('are told apart from files of that name', async () => {
    await using at = await desk()
    writeFileSync(at.folder.join('requirements.txt'), '')
    const { code, error } = await at.run('install requirements.txt')
    const says = 'error: requirements.txt is a file and no project\n\nhint: -r requirements.txt\n'
    assert.deepEqual([code, error], [1, says])
    assert.match((await at.run('install absent.txt')).error, /absent-txt could not be looked up/)
  })

  it('are told apart from files with another form', async () => {
    await using at = await desk()
    for (const name of ['pyproject.toml', 'run.py']) writeFileSync(at.folder.join(name), '')
    const { error } = await at.run('install -r pyproject.toml')
    assert.match(error, /^error: pyproject.toml is no list of requirements\n\nhint: --only-deps /)
    const says =
      'error: run.py is no list of requirements\n\nhint: --requirements-from-script run.py\n'
    assert.equal((await at.run('install -r run.py')).error, says)
  })

  it('are no index where there is no such folder', async () => {
    await using at = await desk()
    const index = { CHEESE_NO_INDEX: '0' }
    at.offer(wheel('demo', '1.0'))
    for (const option of ['--index-url', '--extra-index-url']) {
      const { code, error } = await at.run(`install demo ${option} absent`, index)
      assert.equal(code, 1)
      assert.ok(
        error.startsWith(
          'error: "absent" is no index: it is no URL, and there is no folder ~/absent\n',
        ),
        error,
      )
    }
    assert.match((await at.run('install demo --index-url files', index)).error, /\+ demo 1\.0/)
    const leaky = await at.run('install other --index-url me-1:s3cr3t@index.example/simple', index)
    assert.match(leaky.error, /^error: "\*{4}@index\.example\/simple" is no index: /)
    assert.doesNotMatch(leaky.error, /s3cr3t/)
  })

  it('are options that pip had once, and those of others', async () => {
    await using at = await desk()
    for (const option of ['--global-option', '--build-option', '--install-option', '--extra']) {
      const { code, error } = await at.run(`install demo ${option} x`)
      assert.equal(code, 2)
      assert.ok(error.startsWith(`error: ${option} is not supported: `), error)
    }
  })

  it('are told of where they are for another environment, or ask for an extra there is not', async () => {
    await using at = await desk()
    at.offer(wheel('demo', '1.0').header('Provides-Extra', 'Fast_er'))
    await at.must('install demo')
    const ignored = `Ignoring demo: markers 'python_version < "3"' don't match your environment\n`
    const nothing = 'Nothing to do: no requirement is for this environment\n'
    assert.equal((await at.must('install demo;python_version<"3"')).error, ignored + nothing)
    const satisfied = 'Already satisfied: demo 1.0\n'
    assert.equal((await at.must('install demo[fast-er]')).error, satisfied)
    const warning = 'warning: demo 1.0 has no extra slower\n'
    assert.equal((await at.must('install demo[slower]')).error, warning + satisfied)
  })

  it('are programs and scripts that are not there', async () => {
    await using at = await desk()
    const says = {
      'run absent.py': 'absent.py cannot be run: there is no such script here, and no such program',
      'run absent': 'absent cannot be run: there is no such program in the environment',
      'run -m pytest -q': '-m is not supported: Python itself runs modules.',
      'run -': 'what a script from standard input requires cannot be read before it is run',
    }
    for (const [words, error] of Object.entries(says)) {
      const told = await at.run(words)
      assert.ok(told.error.startsWith(`error: ${error}`), told.error)
    }
  })

  it('are groups and actions that are not there', async () => {
    await using at = await desk()
    writeFileSync(at.folder.join('pyproject.toml'), '[dependency-groups]\ntest = []\ndocs = []\n')
    const group = `error: pyproject.toml: The dependency group "absent" does not exist.\n\nhint: it has test, docs\n`
    assert.equal((await at.run('install --group absent')).error, group)
    assert.match((await at.run('cache')).error, /^error: no action was named\n\nhint: it has dir, /)
  })

  it('ask for nothing, where sync would remove everything', async () => {
    await using at = await desk()
    at.offer(wheel('demo', '1.0'))
    await at.must('install demo')
    writeFileSync(at.folder.join('empty.txt'), '# nothing yet\n')
    const { code, error } = await at.run('sync empty.txt')
    assert.equal(code, 1)
    assert.match(error, /^error: nothing is asked for, and all that is installed would go\n/)
    const { error: done } = await at.must('sync empty.txt --allow-empty-requirements')
    assert.match(done, /- demo 1\.0\n$/)
  })
})
