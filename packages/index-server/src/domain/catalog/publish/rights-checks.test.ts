import { wheel } from '@cheeseshop/testing'
import { addUser, publish } from '../../../testing/catalog.ts'
import { type CheckCase, testChecks } from '../../../testing/check-cases.ts'
import { setProjectStatus } from '../projects.ts'

testChecks('rights', {
  'new-projects-off': {
    'a new project while they are off': { rules: { newProjectsOff: true }, says: /"demo"/ },
  },
  'not-allowed': {
    'a stranger to the project': {
      before: async (domain) =>
        publish(domain, await addUser(domain, 'bob'), wheel('demo', '0.1').build()),
      says: /user "ann" is not allowed to upload to the project "demo"/,
    },
    'a token for another project': { user: { projects: ['other'] }, says: /limited to other/ },
  },
  'project-closed': {
    'an archived project': { before: status('archived'), says: /archived/ },
    'a quarantined project': { before: status('quarantined'), says: /quarantine/ },
  },
})

function status(status: 'archived' | 'quarantined'): CheckCase['before'] {
  return async (domain, ann) => {
    await publish(domain, ann, wheel('demo', '0.1').build())
    const administrator = await addUser(domain, 'root', { isAdministrator: true })
    await setProjectStatus(domain, administrator, { project: 'demo', status })
  }
}
