/** `cheeseshop migrate`: brings the database up to date without serving. */
import { openDomain } from '../open-domain.ts'
import { command } from './command.ts'

export const migrateCommand = command({
  name: 'migrate',
  summary: 'Create the database or bring it up to date; serve does this by itself.',
  async run({ config, print }) {
    await using opened = await openDomain(config, { create: true })
    const { migrations } = opened
    for (const name of migrations) print(`applied ${name}`)
    if (migrations.length === 0) print('the database is up to date')
  },
})
