/** What an index leaves out: its rules, the exemptions from them, and why a file cannot be seen. */
import { normalizeName } from '@cheeseshop/packaging'
import { indexName } from '../../domain/indexes/package-index.ts'
import { endExemption, makeExemption, setPolicy } from '../../domain/policy/change-policy.ts'
import { explainProject } from '../../domain/policy/explain-project.ts'
import { readExemptions, readRulesText } from '../../domain/policy/policies.ts'
import { previewPolicy } from '../../domain/policy/preview-policy.ts'
import { HttpError } from '../http-error.ts'
import { projectNotFound } from '../not-here.ts'
import { operation } from './operation.ts'
import { exemptionJson, explanationJson } from './schemas.ts'

const change = { status: 200, schema: 'Change' } as const
const rules = {
  kind: 'objects',
  help: 'The rules in order; see the guide to policies.',
  isRequired: true,
} as const

/** A preview is an answer, not a report: whoever needs all of a large index asks the command line. */
const mostChanges = 10_000

export const policyOperations = [
  operation({
    id: 'explainProject',
    method: 'GET',
    path: '/projects/{project}/explain',
    summary: 'Every file that any source has of a project, and why it is shown or not',
    caller: 'nobody',
    query: { version: { kind: 'text', help: 'Only the files of this version.' } },
    answer: { status: 200, schema: 'Explanation' },
    async run({ domain, tree, path, query }) {
      const { project = '' } = path
      const explained = await explainProject(domain, tree, normalizeName(project), query.version)
      if (explained === undefined) throw projectNotFound(project, { domain, tree })
      return explanationJson(explained)
    },
  }),
  operation({
    id: 'readPolicy',
    method: 'GET',
    path: '/policy',
    summary: 'The rules and exemptions of an index',
    caller: 'nobody',
    answer: { status: 200, schema: 'Policy' },
    async run({ domain, tree }) {
      const { id } = tree.index
      const exemptions = await readExemptions(domain.db, id)
      return {
        rules: JSON.parse(await readRulesText(domain.db, id)),
        exemptions: exemptions.map(exemptionJson),
      }
    },
  }),
  operation({
    id: 'setPolicy',
    method: 'PUT',
    path: '/policy',
    summary: 'Give an index other rules',
    caller: 'manage',
    body: { rules },
    answer: change,
    async run({ domain, identity, tree, body }) {
      const wanted = { index: indexName(tree.index), rules: body.rules }
      return { serial: await setPolicy(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'previewPolicy',
    method: 'POST',
    path: '/policy/preview',
    summary: 'What other rules would change; nothing is written',
    caller: 'manage',
    body: { rules },
    answer: { status: 200, schema: 'PolicyPreview' },
    async run({ domain, identity, tree, body }) {
      const changes = []
      const wanted = { index: indexName(tree.index), rules: body.rules }
      for await (const each of previewPolicy(domain, identity, wanted)) {
        if (changes.length === mostChanges) return { changes, is_complete: false }
        changes.push(each)
      }
      return { changes, is_complete: true }
    },
  }),
  operation({
    id: 'makeExemption',
    method: 'POST',
    path: '/exemptions',
    summary: 'Break the glass: show what the rules hide, for a while and with a reason',
    caller: 'manage',
    body: {
      target: { kind: 'text', help: 'Such as flask, acme-* or flask==3.1.', isRequired: true },
      reason: { kind: 'text', help: 'Why; it is logged.', isRequired: true },
      expires_at: { kind: 'time', help: 'At most a year from now.', isRequired: true },
      rule: { kind: 'text', help: 'Only from this rule. Without it, from all.' },
    },
    answer: { status: 201, schema: 'Change' },
    async run({ domain, identity, tree, body }) {
      const { target, reason, expires_at: expiresAt, rule } = body
      const wanted = { index: indexName(tree.index), target, reason, expiresAt }
      const serial = await makeExemption(domain, identity, {
        ...wanted,
        ...(rule !== undefined && { rule }),
      })
      return { serial }
    },
  }),
  operation({
    id: 'endExemption',
    method: 'DELETE',
    path: '/exemptions/{exemption}',
    summary: 'End an exemption before its time',
    caller: 'manage',
    answer: change,
    async run({ domain, identity, tree, path }) {
      const { exemption = '' } = path
      if (!/^\d{1,15}$/.test(exemption)) {
        const shown = JSON.stringify(exemption.slice(0, 80))
        throw new HttpError(404, 'not-found', `${shown} is not the id of an exemption.`)
      }
      const wanted = { index: indexName(tree.index), id: Number(exemption) }
      return { serial: await endExemption(domain, identity, wanted) }
    },
  }),
]
