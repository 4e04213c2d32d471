/** `cheeseshop serve`: runs the index until it is told to stop. */
import { clientSnippets, indexName } from '../config/client-snippets.ts'
import { settingKeys } from '../config/settings.ts'
import { describeUpstreams } from '../config/upstream-settings.ts'
import { Log } from '../log.ts'
import { command } from './command.ts'
import { untilSignal } from './until-signal.ts'

export const serve = command({
  name: 'serve',
  summary: 'Run the index; the first start prepares everything and prints a token.',
  settings: settingKeys,
  async run({ config, print }) {
    // Only here: the other commands need no web server.
    const { start } = await import('../start.ts')
    const log = new Log({ level: config.logLevel, format: config.logFormat })
    const started = await start(config, log)
    try {
      const { firstToken } = started
      const listening = await started.listen().catch((error) => {
        // It is kept nowhere, and the next start makes no other.
        if (firstToken) print(`The upload token of "${firstToken.username}": ${firstToken.token}`)
        throw error
      })
      const url = config.publicUrl ?? listening.url
      if (firstToken) print(firstStartText(url, firstToken))
      for (const line of describeUpstreams(config, started.upstreams)) print(line)
      print(`Cheeseshop is ready at ${url}/ with its data in ${config.data} (Ctrl-C ends it)`)
      await untilSignal()
      await listening.close()
    } finally {
      await started.close()
    }
  },
})

function firstStartText(url: string, first: { username: string; token: string }): string {
  const snippets = clientSnippets(url, first.token).map(
    ({ client, file, text, command }) =>
      `${client}: in ${file}\n\n${indent(text)}\n\n  then: ${command}`,
  )
  return `This is the first start. The administrator is "${first.username}", and this is an upload token.
It is shown this once; keep it:

  ${first.token}

${snippets.join('\n\n')}

More tokens: cheeseshop token create --name NAME. The name "${indexName}" in these files is yours to choose.
`
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^(?=.)/gm, '  ')
}
