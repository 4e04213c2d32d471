/** `cheeseshop user create`: adds somebody who can own tokens and projects. */
import { onOff } from '../config/value-types.ts'
import { createUser } from '../domain/accounts/users.ts'
import { openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'

export const userCreate = command({
  name: 'user create',
  summary: 'Add a user, who can then be given tokens.',
  operands: 'USERNAME',
  options: { administrator: option(onOff, 'May do everything to every project.', false) },
  settings: ['data', 'databaseUrl'],
  async run({ config, operands, options, print }) {
    await using opened = await openDomain(config)
    const user = await createUser(opened.domain, {
      username: operands[0] ?? '',
      isAdministrator: options.administrator,
      actor: config.administrator,
    })
    print(`created the user ${user.username}`)
  },
})
