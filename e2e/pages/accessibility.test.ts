/** The pages for people, in a real browser: no fault that axe knows, nothing that the browser refuses, no script. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { sdist, wheel } from '@cheeseshop/testing'
import { type Browser, chromium } from 'playwright-core'
import { prepareChromium } from '../../tools/testing/chromium.ts'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { yankRelease } from '../kit/yank-release.ts'

const demo = (version: string) =>
  wheel('demo', version)
    .summary('Says cheese')
    .requiresPython('>=3.9')
    .requires('parts>=1', "colour; extra == 'paint'")
    .header('Project-URL', 'Source, https://example.org/demo')
    .classifiers('Programming Language :: Python :: 3', 'Development Status :: 4 - Beta')
    .description('# Demo\n\nA *description* with a [link](https://example.org).\n', 'text/markdown')

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [demo('1.0'), demo('2.0'), demo('3.0rc1'), sdist('demo', '2.0')])
  await yankRelease(server, { project: 'demo', version: '1.0', reason: 'eats the cheese' })
})

let browser: Browser

before(async () => {
  const executablePath = await prepareChromium()
  // Its own sandbox needs rights that containers and root do not have; the pages are ours.
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})

after(() => browser?.close())

const pages = [
  '',
  'project/demo/',
  'project/demo/1.0/',
  'project/demo/3.0rc1/',
  'project/nope/',
  'nope',
]

const windows = [
  { colorScheme: 'light', width: 1200 },
  { colorScheme: 'dark', width: 360 },
] as const

for (const { colorScheme, width } of windows) {
  test(`every page can be read by everybody, ${colorScheme} and ${width} pixels wide`, async () => {
    const viewport = { width, height: 800 }
    // axe is a script, and the pages allow none.
    const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport })
    try {
      const page = await context.newPage()
      for (const path of pages) {
        await page.goto(session.server.url + path)
        // Legacy mode: there are no frames, for which it would open another page each time.
        const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode().analyze()
        assert.ok(passes.length > 5, 'axe looked at the page')
        const found = violations.flatMap(({ id, help, nodes }) =>
          nodes.map(({ html }) => `/${path}: ${id}: ${help}: ${html}`),
        )
        assert.deepEqual(found, [])
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        assert.equal(overflow, 0, `/${path} is wider than the window`)
      }
    } finally {
      await context.close()
    }
  })
}

test('a browser finds nothing on a page that its policy forbids, and nothing broken', async () => {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('console', (message) => troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('response', (response) => {
      if (response.status() >= 400) troubles.push(`${response.status()} ${response.url()}`)
    })
    for (const path of ['', 'project/demo/', 'project/demo/1.0/']) {
      await page.goto(session.server.url + path)
    }
    assert.deepEqual(troubles, [])
  } finally {
    await context.close()
  }
})
