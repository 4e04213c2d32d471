import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { loadConfig } from '../config/load-config.ts'
import { readEvents } from '../domain/activity/events.ts'
import { authenticate } from '../domain/trust/authenticate.ts'
import { administratorIdentity, openDomain } from '../open-domain.ts'
import { publish } from '../testing/catalog.ts'
import { readProject } from '../testing/read-index.ts'
import { commandsPage } from './commands-page.ts'
import { commands } from './mod.ts'
import { runCommand } from './run.ts'

interface Outcome {
  code: number
  out: string
  error: string
}

async function run(
  words: string,
  environment: Record<string, string> = {},
  columns?: number,
): Promise<Outcome> {
  const out: string[] = []
  const error: string[] = []
  const terminal = {
    out: (line: string) => out.push(line),
    error: (line: string) => error.push(line),
    ...(columns !== undefined && { screen: { write: () => {}, columns: () => columns } }),
    environment,
  }
  const code = await runCommand(
    commands,
    words
      .split(' ')
      .filter((word) => word !== '')
      .filter(Boolean),
    terminal,
  )
  return { code, out: out.join('\n'), error: error.join('\n') }
}

/** A folder with an index in it, as `serve` leaves it. */
async function indexFolder() {
  const folder = await temporaryFolder()
  const data = folder.join('data')
  assert.equal((await run(`migrate --data ${data}`)).code, 0)
  const config = { ...loadConfig({}), data }
  return {
    data,
    config,
    open: () => openDomain(config),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

const demo = normalizeName('demo')

describe('the commands', () => {
  it('say where no folder can be made for the data, or for the database', async () => {
    await using folder = await temporaryFolder()
    const file = folder.join('file')
    await writeFile(file, '')
    const reasons = {
      '/proc/nobody/data': 'the file system takes no folder there',
      [file]: 'a file is there',
      [`${file}/data`]: 'a part of the path is a file',
    }
    for (const [data, reason] of Object.entries(reasons)) {
      const { code, error } = await run(`migrate --data ${data}`)
      assert.match(error, new RegExp(`the folder ${data} cannot be made: ${reason}`, 'i'))
      assert.equal(code, 1)
    }
    const url = 'sqlite:/proc/nobody/here.db'
    const { error } = await run(`migrate --data ${folder.join('data')} --database-url ${url}`)
    assert.match(error, /The database sqlite:\/proc\/nobody\/here\.db cannot be opened: /)
  })

  it('make a token, print it alone, list it and revoke it', async () => {
    await using index = await indexFolder()
    const made = await run(
      `token create --data ${index.data} --name ci --projects De.Mo,x --expires-in 90d`,
    )
    assert.deepEqual([made.code, made.error], [0, ''])
    assert.match(made.out, /^pypi-[\w-]{43}$/)
    await using opened = await index.open()
    const identity = await authenticate(opened.domain, { bearer: made.out })
    assert.deepEqual([identity.username, [...identity.scopes]], ['admin', ['upload']])
    assert.deepEqual([...(identity.projects ?? [])], ['de-mo', 'x'])
    const listed = await run(`token list --data ${index.data}`)
    assert.match(listed.out, /^id {2}name {2}scopes {2}projects/)
    assert.match(listed.out, /^1 {3}ci {4}upload {2}de-mo,x {3}\d{4}-\d\d-\d\d/m)
    const json = await run(`token list --data ${index.data} --format json`)
    assert.deepEqual(JSON.parse(json.out)[0].projects, ['de-mo', 'x'])
    assert.ok(!json.out.includes('pypi-'))
    assert.equal((await run(`token revoke 1 --data ${index.data}`)).code, 0)
    await assert.rejects(authenticate(opened.domain, { bearer: made.out }), /not known here/)
  })

  it('yank, un-yank, set statuses and delete in the name of the administrator', async () => {
    await using index = await indexFolder()
    await using opened = await index.open()
    const { domain } = opened
    const admin = await administratorIdentity(domain, index.config)
    for (const version of ['1.0', '2.0'])
      await publish(domain, admin, wheel('demo', version).build())
    const at = `--data ${index.data}`
    const done = async (words: string) => {
      const outcome = await run(`${words} ${at}`)
      assert.deepEqual([outcome.code, outcome.error], [0, ''], words)
      const event = (await readEvents(domain, { since: 0, limit: 100 })).at(-1)
      return [outcome.out, event?.type, event?.actor]
    }
    const file = '--file demo-2.0-py3-none-any.whl'
    assert.deepEqual(await done('yank demo 1.0 --reason bad'), [
      'yanked demo 1.0',
      'release-yanked',
      'admin',
    ])
    assert.equal((await readProject(domain, demo))?.files[0]?.yankedReason, 'bad')
    assert.deepEqual((await done('unyank demo 1'))[1], 'release-unyanked')
    assert.deepEqual((await done(`yank demo ${file}`))[1], 'file-yanked')
    assert.deepEqual((await done(`unyank demo ${file}`))[1], 'file-unyanked')
    assert.deepEqual(await done('status demo archived --reason done'), [
      'demo is archived',
      'project-status-changed',
      'admin',
    ])
    const asked = await run(`delete demo 1.0 ${at}`)
    assert.deepEqual([asked.code, asked.out], [1, ''])
    assert.match(asked.error, /demo 1\.0 would be deleted for good\n\nhint: Add --yes/)
    assert.deepEqual((await done('delete demo 1.0 --yes'))[1], 'release-deleted')
    assert.deepEqual((await done(`delete demo ${file} --yes`))[1], 'file-deleted')
    assert.deepEqual((await done('delete demo --yes'))[1], 'project-deleted')
    assert.equal(await readProject(domain, demo), undefined)
  })

  it('add users', async () => {
    await using index = await indexFolder()
    assert.equal((await run(`user create ann --data ${index.data}`)).code, 0)
    const again = await run(`user create Ann --data ${index.data}`)
    assert.match(again.error, /There is a user "ann" already/)
    const made = await run(
      `token create --data ${index.data} --user ann --name x --scopes upload,manage`,
    )
    assert.match(made.out, /^pypi-/)
    const admin = await run(`token create --data ${index.data} --user ann --name x --scopes admin`)
    assert.deepEqual([admin.code, admin.out], [1, ''])
  })

  it('bring the database up to date, and say when it is', async () => {
    await using folder = await temporaryFolder()
    const first = await run(`migrate --data ${folder.join('data')}`)
    assert.match(first.out, /^applied 0001-/)
    const second = await run(`migrate --data ${folder.join('data')}`)
    assert.equal(second.out, 'the database is up to date')
  })
})

describe('what is typed wrong', () => {
  const cases: [words: string, error: RegExp, hint: RegExp][] = [
    ['serv', /no command "serv"/, /^Perhaps serve\. cheeseshop --help lists/],
    ['token', /no command "token"/, /Perhaps token create, token list, token revoke\./],
    ['token crate', /no command "token crate"/, /Perhaps token create, token list, token r/],
    ['indx', /no command "indx"/, /Perhaps index create, index list, /],
    ['nonsense', /no command "nonsense"/, /^cheeseshop --help lists the commands\.$/],
    ['serve --prot 1', /Unknown option '--prot'/, /serve --help/],
    ['serve --port x', /--port: "x" is not a whole number from 0 to 65535/, /The port/],
    ['serve --port', /'--port <value>' argument missing/, /--help/],
    ['serve --config nowhere.toml', /cannot read .*nowhere/, /path/],
    ['serve --trusted-proxies nginx --data DATA', /"nginx" is not an address/, /10\.0\.0\.0\/8/],
    ['token create --data DATA/none --name x', /no index in .*none/, /--data/],
    ['token create --data DATA', /needs a name/, /--name/],
    ['token create --data DATA --name x --scopes fly', /no scope "fly"/, /^$/],
    ['token create --data DATA --name x --user eve', /no user "eve"/, /^$/],
    ['token revoke x --data DATA', /"x" is not the id/, /token list/],
    ['token revoke 9 --data DATA', /no token 9/, /^$/],
    ['yank', /needs PROJECT/, /yank PROJECT \[VERSION\]/],
    ['yank demo', /which release of demo\?/, /--file/],
    ['yank demo 1 2', /does not take "2"/, /yank PROJECT/],
    ['yank nope 1 --data DATA', /nope/, /^$/],
    ['status demo odd', /"odd" is not a status/, /active, archived/],
    ['migrate --data DATA --administrator x y', /does not take "y"/, /migrate/],
    ['yank demo 1 --data DATA --administrator eve', /no administrator "eve"/, /--administrator/],
  ]
  for (const [words, error, hint] of cases) {
    it(`is explained, with exit code 1: cheeseshop ${words}`, async () => {
      await using index = words.includes('DATA') ? await indexFolder() : undefined
      const outcome = await run(words.replace('DATA', index?.data ?? ''))
      assert.deepEqual([outcome.code, outcome.out], [1, ''])
      const [message = '', ...rest] = outcome.error.split('\n\n')
      assert.match(message, /^error: /)
      assert.match(message, error)
      assert.match(rest.join('').replace('hint: ', ''), hint)
    })
  }

  it('is nothing at all: the help is shown, with exit code 1', async () => {
    const { code, out, error } = await run('')
    assert.deepEqual([code, out], [1, ''])
    assert.match(error, /^Cheeseshop, .*\n\nUsage: cheeseshop COMMAND/)
  })

  it('never shows the password of the database', async () => {
    const url = 'postgres://me:hunter2@127.0.0.1:9/x'
    const outcome = await run('migrate --data /tmp', { CHEESESHOP_DATABASE_URL: url })
    assert.equal(outcome.code, 1)
    assert.match(outcome.error, /ECONNREFUSED/)
    assert.match(outcome.error, /hint: Check --database-url/)
    assert.ok(!outcome.error.includes('hunter2'))
  })
})

describe('help', () => {
  it('names every command, and each command what it takes', async () => {
    const { out, code } = await run('--help')
    assert.equal(code, 0)
    for (const { name } of commands) assert.match(out, new RegExp(`^ {2}${name}\\b`, 'm'))
    for (const command of commands) {
      const help = await run(`${command.name} --help`)
      assert.equal(help.code, 0)
      for (const option of Object.keys(command.options))
        assert.match(help.out, new RegExp(`--${option}\\b`))
      for (const line of help.out.split('\n')) assert.ok(line.length <= 100, line)
    }
  })

  it('fits on the terminal that it is printed on', async () => {
    for (const words of ['--help', ...commands.map(({ name }) => `${name} --help`)]) {
      const { out } = await run(words, {}, 80)
      const [long] = out.split('\n').filter((line) => line.length > 80)
      assert.equal(long, undefined, words)
    }
  })

  it('does not hide the version', async () => {
    assert.match((await run('--version')).out, /^\d+\.\d+\.\d+$/)
  })

  it('is on the reference page, which is current', async () => {
    const page = new URL('../../../../docs/reference/commands.md', import.meta.url)
    const text = await readFile(page, 'utf8')
    assert.equal(text, commandsPage(commands), 'run node tools/commands-page.ts')
  })
})
