/** `cheese debug`: everything that decides what the tool does here, for reports of faults. */

import { defineCommand } from '../command.ts'
import { readEffectiveSettings, settingText } from '../configuring/effective-settings.ts'
import { formatOption } from '../options/format-option.ts'
import { version } from '../version.ts'

export const debug = defineCommand({
  summary: 'Prints what the tool found here: versions, the environment, settings and tags.',
  options: { format: formatOption },
  refused: Object.fromEntries(
    ['platform', 'python-version', 'implementation', 'abi'].map((name) => [
      name,
      {
        takesValue: true,
        why: 'it shows the environment that is there.',
        hint: '--python names another one',
      },
    ]),
  ),
  onlyLooks: true,
  async run(session, values) {
    const { executable, facts, tags } = await session.interpreter()
    const shown = tags.map((tag) => `${tag.interpreter}-${tag.abi}-${tag.platform}`)
    const settings = (await readEffectiveSettings(session)).filter(
      ({ origin }) => origin !== 'default',
    )
    const about = {
      'cheese version': version,
      'node version': process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      python: executable,
      'python version': facts.markers.python_full_version,
      'virtual environment': facts.prefix === facts.basePrefix ? 'no' : facts.prefix,
      'site-packages': facts.sitePackages.join(' '),
      cache: session.cache.path,
    }
    const { printer } = session
    if (values.format === 'json') {
      printer.data(JSON.stringify({ ...about, settings, markers: facts.markers, tags: shown }))
      return 0
    }
    for (const [name, value] of Object.entries(about)) printer.data(`${name}: ${value}`)
    for (const { name, value, origin } of settings)
      printer.data(`setting ${name}: ${settingText(value)} (${origin})`)
    const some = printer.isVerbose ? shown : shown.slice(0, 10)
    printer.data(`Compatible tags: ${shown.length}`)
    for (const tag of some) printer.data(`  ${tag}`)
    if (some.length < shown.length) printer.data('  ... (-v shows all)')
    return 0
  },
})
