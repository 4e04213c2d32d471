import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { clientSnippets } from './client-snippets.ts'
import { loadConfig } from './load-config.ts'
import { flagName, settingKeys, settingOf, variableName } from './settings.ts'
import { settingsHelp, settingsPage } from './settings-page.ts'
import { UsageError } from './usage-error.ts'
import { duration, httpUrl, list, onOff, size } from './value-types.ts'

describe('settings', () => {
  it('come from a flag before a variable before the file before the default', async () => {
    await using folder = await temporaryFolder()
    const file = folder.join('cheeseshop.toml')
    await writeFile(file, 'port = 1\nhost = "file"\nmax-file-size = "3MB"\nread-only = true\n')
    const environment = { CHEESESHOP_PORT: '2', CHEESESHOP_HOST: 'variable', OTHER: 'x' }
    const flags = new Map([['port', '3']])
    const config = loadConfig({ flags, environment, file })
    assert.deepEqual(
      [config.port, config.host, config.maxFileSize, config.readOnly, config.logLevel],
      [3, 'variable', 3_000_000, true, 'info'],
    )
    assert.equal(loadConfig({ environment: { CHEESESHOP_CONFIG: file } }).port, 1)
    assert.equal(loadConfig({ environment: { CHEESESHOP_PORT: '' } }).port, 8765)
  })

  it('may be lists in the file', async () => {
    await using folder = await temporaryFolder()
    const file = folder.join('x.toml')
    await writeFile(
      file,
      'reserved-names = ["acme-*", "corp"]\ntrusted-proxies = "::1, 10.0.0.0/8"\n',
    )
    const config = loadConfig({ file })
    assert.deepEqual(config.reservedNames, ['acme-*', 'corp'])
    assert.deepEqual(config.trustedProxies, ['::1', '10.0.0.0/8'])
  })

  const wrong: [where: string, sources: object, message: RegExp][] = [
    [
      'a flag',
      { flags: new Map([['port', '99999']]) },
      /^--port: "99999" is not a whole number from 0 to 65535$/,
    ],
    [
      'a variable',
      { environment: { CHEESESHOP_MAX_FILE_SIZE: 'big' } },
      /^CHEESESHOP_MAX_FILE_SIZE: "big" is not a size such as/,
    ],
  ]
  for (const [where, sources, message] of wrong) {
    it(`are refused with their name and place: ${where}`, () => {
      assert.throws(
        () => loadConfig(sources),
        (error) => {
          assert.ok(error instanceof UsageError)
          assert.match(error.message, message)
          return true
        },
      )
    })
  }

  const files: [content: string, message: RegExp][] = [
    ['prot = 1', /x\.toml: prot is not a setting/],
    ['port = "x"', /x\.toml: port: "x" is not a whole number/],
    ['port = [[1]]', /x\.toml: port is not a text, a number/],
    ['port = ', /x\.toml: Invalid TOML/],
  ]
  for (const [content, message] of files) {
    it(`are refused with their name and place: a file with ${content}`, async () => {
      await using folder = await temporaryFolder()
      const file = folder.join('x.toml')
      await writeFile(file, content)
      assert.throws(() => loadConfig({ file }), message)
    })
  }

  it('need the file that was named, not the one that is looked for', () => {
    assert.throws(
      () => loadConfig({ file: 'nowhere.toml' }),
      /cannot read .*nowhere\.toml \(ENOENT\)/,
    )
    assert.equal(loadConfig({ defaultFile: 'nowhere.toml' }).port, 8765)
  })

  it('each have a flag, a variable and a sentence, and a default that reads back as itself', () => {
    for (const key of settingKeys) {
      const setting = settingOf(key)
      assert.match(flagName(key), /^[a-z]+(-[a-z]+)*$/)
      assert.match(variableName(key), /^CHEESESHOP_[A-Z_]+$/)
      assert.match(setting.help, /\.$/)
      if (setting.default === undefined) continue
      const text = setting.type.format(setting.default)
      assert.deepEqual(setting.type.parse(text), setting.default, key)
    }
  })

  it('are all in the help, at most 100 columns wide', () => {
    const help = settingsHelp()
    for (const key of settingKeys) assert.match(help, new RegExp(`--(no-)?${flagName(key)}\\b`))
    for (const line of help.split('\n')) assert.ok(line.length <= 100, line)
  })

  it('are all on the reference page, which is current', async () => {
    const page = new URL('../../../../docs/reference/settings.md', import.meta.url)
    assert.equal(await readFile(page, 'utf8'), settingsPage(), 'run node tools/settings-page.ts')
  })
})

describe('the types of settings', () => {
  it('read sizes', () => {
    const cases: [text: string, bytes: number | undefined][] = [
      ['10', 10],
      ['10B', 10],
      ['1.5kB', 1500],
      ['500 MB', 500e6],
      ['2gib', 2 * 2 ** 30],
      ['-1', undefined],
      ['1 PB', undefined],
      ['', undefined],
      ['1e9', undefined],
    ]
    for (const [text, bytes] of cases) assert.equal(size.parse(text), bytes, text)
  })

  it('read times', () => {
    const cases: [text: string, milliseconds: number | undefined][] = [
      ['250ms', 250],
      ['30s', 30_000],
      ['15m', 900_000],
      ['2h', 7_200_000],
      ['90d', 7_776_000_000],
      ['30', undefined],
      ['s', undefined],
    ]
    for (const [text, value] of cases) assert.equal(duration.parse(text), value, text)
    assert.deepEqual([90_000, 0, 3_600_000].map(duration.format), ['90s', '0s', '1h'])
  })

  it('read switches, lists and URLs', () => {
    assert.deepEqual(['true', 'ON', '0', 'maybe'].map(onOff.parse), [true, true, false, undefined])
    assert.deepEqual(list.parse(' a, b,,c '), ['a', 'b', 'c'])
    assert.equal(httpUrl.parse('https://a.example/x/'), 'https://a.example/x')
    for (const text of ['a.example', 'ftp://a', 'https://a/?q', 'https://a/#f']) {
      assert.equal(httpUrl.parse(text), undefined, text)
    }
  })
})

describe('the snippets for clients', () => {
  it('are right for a host of the network, which pip must be told to trust over plain HTTP', () => {
    const [pip, uv, twine] = clientSnippets('http://pypi.example:8765', 'pypi-x')
    assert.equal(
      pip?.text,
      '[global]\nindex-url = http://pypi.example:8765/simple/\ntrusted-host = pypi.example:8765\n',
    )
    assert.match(uv?.text ?? '', /^publish-url = "http:\/\/pypi\.example:8765\/legacy\/"$/m)
    assert.match(twine?.text ?? '', /^password = pypi-x$/m)
    for (const local of ['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:2', 'https://a']) {
      assert.ok(!clientSnippets(local)[0]?.text.includes('trusted-host'), local)
    }
  })
})
