import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { loadConfig } from './load-config.ts'
import { describeUpstreams, readUpstreamSettings } from './upstream-settings.ts'
import { UsageError } from './usage-error.ts'

async function read(flags: Record<string, string>, environment: Record<string, string> = {}) {
  await using home = await temporaryFolder()
  const places = { HOME: home.path, XDG_CONFIG_DIRS: home.join('none'), PATH: '' }
  const config = loadConfig({ flags: new Map(Object.entries(flags)) })
  const upstreams = await readUpstreamSettings(config, { ...places, ...environment })
  return { upstreams, said: describeUpstreams(config, upstreams) }
}

describe('the upstreams of the settings', () => {
  it('are the one of pip where nothing is said, reached as pip reaches it', async () => {
    const { upstreams, said } = await read(
      {},
      {
        PIP_INDEX_URL: 'https://reader:s3cret@index.example/simple/',
        PIP_PROXY: 'http://proxy.example:3128',
        PIP_CERT: '/etc/ca.pem',
      },
    )
    const [main] = upstreams
    assert.equal(main?.name, 'public')
    assert.equal(main?.url, 'https://reader:s3cret@index.example/simple/')
    assert.deepEqual(main?.network.insideHosts, ['index.example:443'])
    assert.equal(main?.network.proxies?.https, 'http://proxy.example:3128')
    assert.deepEqual(main?.network.certificates, { authoritiesFile: '/etc/ca.pem' })
    assert.deepEqual(said, [
      'Read through: the upstream public at https://reader:****@index.example/simple/ (as pip on this machine, PIP_INDEX_URL)',
    ])
  })

  it('are the given ones, by name, in their order', async () => {
    const { upstreams, said } = await read({
      upstream: 'http://main.example:8080/simple',
      upstreams: 'torch=https://torch.example/whl/,lab=https://lab.example/simple/',
      'upstream-inside-hosts': 'files.lab.example',
      offline: 'true',
    })
    assert.deepEqual(
      upstreams.map(({ name, network }) => [name, network.insideHosts]),
      [
        ['public', ['main.example:8080', 'files.lab.example']],
        ['torch', ['torch.example:443', 'files.lab.example']],
        ['lab', ['lab.example:443', 'files.lab.example']],
      ],
    )
    assert.match(said[0]!, /^Kept, and not asked while offline: the upstream public/)
  })

  it('are none when they are off', async () => {
    const { upstreams, said } = await read(
      { upstream: 'off' },
      { PIP_INDEX_URL: 'https://x.example/' },
    )
    assert.deepEqual([upstreams, said], [[], []])
  })

  it('that cannot be are refused, and their secrets not shown', async () => {
    for (const wrong of [
      'https://user:s3cret@x.example/',
      'public=https://x.example/',
      'a=ftp://x/',
      '=x',
    ]) {
      await assert.rejects(read({ upstreams: wrong }), (error: unknown) => {
        return error instanceof UsageError && !error.message.includes('s3cret')
      })
    }
    await assert.rejects(read({ upstream: 'ftp://user:s3cret@x.example/' }), (error: unknown) => {
      return error instanceof UsageError && !error.message.includes('s3cret')
    })
  })
})
