import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { writeDistributions } from './kit/publish.ts'
import { useSession } from './kit/session.ts'

const session = useSession()

for (const twine of ['twine-4.0', 'twine'] as const) {
  suite(twine, () => {
    const name = `cheese-${twine.replace('.', '-')}`
    const upload = (args: string[], env: Record<string, string> = {}) =>
      session.desk.run(
        twine,
        ['twine', 'upload', '--non-interactive', '--disable-progress-bar', ...args],
        {
          env,
        },
      )
    const byEnvironment = () => ({
      TWINE_REPOSITORY_URL: session.server.uploadUrl,
      TWINE_USERNAME: '__token__',
      TWINE_PASSWORD: session.server.token,
    })
    let paths: string[]

    before(async () => {
      const both = [wheel(name, '1.0').file('cheese.py', 'x = 1\n'), sdist(name, '1.0')]
      paths = await writeDistributions(session.desk, both, twine)
    })

    test('checks and uploads a wheel and an sdist with a token from .pypirc', async () => {
      const section = `repository = ${session.server.uploadUrl}\nusername = __token__\npassword = ${session.server.token}\n`
      await session.desk.write('.pypirc', `[distutils]\nindex-servers = ours\n\n[ours]\n${section}`)
      const { code, output } = await upload(['--repository', 'ours', ...paths])
      assert.equal(code, 0, output)
      const page = await fetch(
        `${session.server.simpleUrl}${name}/?format=application/vnd.pypi.simple.v1+json`,
      )
      const { files } = (await page.json()) as { files: { filename: string }[] }
      assert.equal(files.length, 2)
    })

    test('uploads the same files again without an error', async () => {
      const { code, output } = await upload(paths, byEnvironment())
      assert.equal(code, 0, output)
    })

    test('is refused other content under the same name, and shows why', async () => {
      const other = [wheel(name, '1.0').file('cheese.py', 'x = 2\n')]
      const [changed] = await writeDistributions(session.desk, other, `${twine}-changed`)
      const refused = await upload([changed!], byEnvironment())
      assert.notEqual(refused.code, 0)
      assert.match(refused.output, /HTTPError: 400 .*\s+File already exists/)
      const skipped = await upload(['--skip-existing', changed!], byEnvironment())
      if (twine === 'twine-4.0') assert.match(skipped.output, /Skipping/)
      // From 6 on twine offers this for the public index alone, and says so before it sends anything.
      else assert.match(skipped.output, /does not have support for .* --skip-existing/)
    })

    test('is refused with a wrong token, and shows why', async () => {
      const env = { ...byEnvironment(), TWINE_PASSWORD: 'pypi-wrong' }
      const { code, output } = await upload(paths, env)
      assert.notEqual(code, 0)
      assert.match(output, /HTTPError: 401 .*\s+The token is not known/)
    })

    test('is told every problem of a bad file', async () => {
      const bad = wheel(`${name}-bad`, '1.0')
        .header('Classifier', 'No :: Such')
        .header('License-File', 'MISSING.txt')
      const [path] = await writeDistributions(session.desk, [bad], `${twine}-bad`)
      const { code, output } = await upload(['--verbose', path!], byEnvironment())
      assert.notEqual(code, 0)
      assert.match(output, /MISSING\.txt/)
      assert.match(output, /No :: Such/)
    })
  })
}
