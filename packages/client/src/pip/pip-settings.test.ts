import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { InvalidPipFile } from './pip-files.ts'
import { readPipSettings } from './pip-settings.ts'

async function settingsOf(file: string, environment: Record<string, string> = {}) {
  await using folder = await temporaryFolder()
  mkdirSync(folder.join('.pip'))
  writeFileSync(folder.join('.pip/pip.conf'), file)
  const home = { HOME: folder.path, XDG_CONFIG_DIRS: folder.join('none') }
  const settings = readPipSettings({ environment: { ...home, ...environment } })
  return JSON.parse(JSON.stringify(settings).replaceAll(folder.path, '~'))
}

test('the index, proxy, certificates and trust of pip are read as pip install reads them', async () => {
  const file = [
    '[global]',
    'index-url = https://global.example/simple',
    'proxy = http://proxy.example:3128',
    'cert = /etc/authorities.pem',
    'trusted-host = one.example',
    '  two.example:8443',
    '[install]',
    'index-url = https://install.example/simple',
  ].join('\n')
  assert.deepEqual(await settingsOf(file, { no_proxy: 'inside.example' }), {
    indexUrl: 'https://install.example/simple',
    indexOrigin: '~/.pip/pip.conf [install]',
    network: {
      proxies: {
        http: 'http://proxy.example:3128',
        https: 'http://proxy.example:3128',
        except: 'inside.example',
      },
      certificates: { authoritiesFile: '/etc/authorities.pem' },
      trustedHosts: ['one.example', 'two.example:8443'],
    },
    credentials: { netrcFiles: ['~/.netrc', '~/_netrc'], keyring: 'disabled' },
  })
})

test('a variable wins over the files', async () => {
  const given = { PIP_INDEX_URL: 'https://variable.example/simple', PIP_CERT: '/ca.pem' }
  const settings = await settingsOf('[global]\nindex-url = https://file.example/\n', given)
  assert.equal(settings.indexUrl, 'https://variable.example/simple')
  assert.equal(settings.indexOrigin, 'PIP_INDEX_URL')
  assert.deepEqual(settings.network.certificates, { authoritiesFile: '/ca.pem' })
})

test('a file that pip would refuse is named', async () => {
  await assert.rejects(settingsOf('index-url = https://x.example/\n'), InvalidPipFile)
})
