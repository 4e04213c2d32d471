/** Finds a Chromium for the tests of pages, and installs Debian's where there is none and that is allowed. */
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { installWithApt } from './apt.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Fails with a sentence that says what to install. */
export async function prepareChromium(): Promise<string> {
  const found = (await findChromium()) ?? (await installWithApt('chromium', findChromium))
  if (found !== undefined) return found
  throw new Error(
    'The tests of pages need Chromium. Install it (Debian: apt install chromium), or name it with CHEESESHOP_TEST_CHROMIUM.',
  )
}

export async function findChromium(): Promise<string | undefined> {
  const named = process.env.CHEESESHOP_TEST_CHROMIUM
  if (named) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}
