import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { type Scope, scopes } from '../identity.ts'
import { type Action, type Role, refusalOf, rights } from './rights.ts'

const name = normalizeName('demo')
const actions = Object.keys(rights) as Action[]
const people: Record<string, { role?: Role; isAdministrator?: true }> = {
  administrator: { isAdministrator: true },
  owner: { role: 'owner' },
  maintainer: { role: 'maintainer' },
  stranger: {},
}

/** Who may, with a token for everything. */
const allowed: Record<Action, string[]> = {
  upload: ['administrator', 'owner', 'maintainer'],
  yank: ['administrator', 'owner', 'maintainer'],
  delete: ['administrator', 'owner'],
  'set-status': ['administrator', 'owner'],
  quarantine: ['administrator'],
}

const needed: Record<Action, Scope> = {
  upload: 'upload',
  yank: 'manage',
  delete: 'manage',
  'set-status': 'manage',
  quarantine: 'admin',
}

function refusal(
  action: Action,
  person: string,
  token: { scopes?: readonly Scope[]; projects?: string[]; exists?: boolean } = {},
) {
  const { role, isAdministrator = false } = people[person]!
  const projects = token.projects && { projects: new Set(token.projects.map(normalizeName)) }
  const identity = { userId: 1, username: person, isAdministrator, tokenId: 1 }
  return refusalOf(
    action,
    { ...identity, scopes: new Set(token.scopes ?? scopes), ...projects },
    { name, exists: token.exists ?? true, role },
  )
}

describe('rights', () => {
  for (const action of actions) {
    it(`to ${action} are those of ${allowed[action].join(', ')}`, () => {
      const those = Object.keys(people).filter((person) => refusal(action, person) === undefined)
      assert.deepEqual(those, allowed[action])
    })

    it(`to ${action} need a token with the scope, and one for the project`, () => {
      const others = scopes.filter((scope) => scope !== needed[action])
      const person = 'administrator'
      assert.match(
        refusal(action, person, { scopes: others })!,
        new RegExp(`scope "${needed[action]}"`),
      )
      assert.equal(refusal(action, person, { scopes: [needed[action]] }), undefined)
      assert.match(refusal(action, person, { projects: ['other'] })!, /limited to other/)
      assert.equal(refusal(action, person, { projects: ['other', 'Demo'] }), undefined)
    })
  }

  it('let anyone with an upload token create a project, if the token is good for its name', () => {
    assert.equal(refusal('upload', 'stranger', { exists: false }), undefined)
    assert.match(refusal('upload', 'stranger', { exists: false, projects: ['x'] })!, /limited to x/)
  })
})
