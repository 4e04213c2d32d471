/** `cheeseshop policy ...`: what an index leaves out; works while the server runs. */
import { readFile } from 'node:fs/promises'
import { UsageError } from '../config/usage-error.ts'
import { duration, onOff, text } from '../config/value-types.ts'
import type { Domain } from '../domain/domain.ts'
import type { Identity } from '../domain/identity.ts'
import { findTree } from '../domain/indexes/find-tree.ts'
import { endExemption, makeExemption, setPolicy } from '../domain/policy/change-policy.ts'
import { minuteOf } from '../domain/policy/decide.ts'
import { readExemptions, readRulesText } from '../domain/policy/policies.ts'
import { previewPolicy } from '../domain/policy/preview-policy.ts'
import { plural } from '../format.ts'
import { openDomain } from '../open-domain.ts'
import { asAdministrator } from './as-administrator.ts'
import { command, option } from './command.ts'
import { table } from './table.ts'

export const policyShow = command({
  name: 'policy show',
  summary: 'Print the rules of an index as JSON, as "policy set" takes them.',
  operands: 'INDEX',
  async run({ config, operands, print }) {
    await using opened = await openDomain(config)
    const { index } = await findTree(opened.domain.db, operands[0] ?? '')
    print(JSON.stringify(JSON.parse(await readRulesText(opened.domain.db, index.id)), null, 2))
  },
})

export const policySet = command({
  name: 'policy set',
  summary:
    'Give an index the rules in a JSON file; with --dry-run only list what they would change.',
  operands: 'INDEX FILE',
  options: {
    'dry-run': option(onOff, 'Change nothing; list the files that would come or go.', false),
  },
  async run({ config, operands, options, print }) {
    const [index = '', file = ''] = operands
    const wanted = { index, rules: await readJson(file) }
    const isDryRun = options['dry-run']
    const run = async (domain: Domain, identity: Identity) => {
      if (!isDryRun) {
        await setPolicy(domain, identity, wanted)
        return print(`the index ${index} has these rules now`)
      }
      let count = 0
      for await (const change of previewPolicy(domain, identity, wanted)) {
        const { becomes, project, filename, rule, reason } = change
        print(`${becomes}  ${project}  ${filename}  ${rule}: ${reason}`)
        count++
      }
      print(count === 0 ? 'nothing would change' : `${plural(count, 'file')} would come or go`)
    }
    await asAdministrator(config, run, { readsUpstreams: isDryRun })
  },
})

export const policyExempt = command({
  name: 'policy exempt',
  summary: 'Break the glass: show what the rules hide, for a while and with a reason.',
  operands: 'INDEX TARGET',
  options: {
    reason: option(text, 'Why; it is logged.'),
    for: option(duration, 'How long, such as 24h. At most a year.'),
    rule: option(text, 'Only from this rule. Without it, from all.'),
  },
  async run({ config, operands, options, print }) {
    const [index = '', target = ''] = operands
    const { reason, for: lifetime, rule } = options
    if (reason === undefined || lifetime === undefined) {
      throw new UsageError(
        'an exemption needs a reason and an end',
        'Say both: --reason "the fix of our outage" --for 24h',
      )
    }
    await asAdministrator(config, async (domain, identity) => {
      const expiresAt = new Date(domain.clock().getTime() + lifetime)
      const wanted = { index, target, reason, expiresAt, ...(rule !== undefined && { rule }) }
      await makeExemption(domain, identity, wanted)
      print(`${target} is shown by ${index} until ${minuteOf(expiresAt)}`)
    })
  },
})

export const policyExemptions = command({
  name: 'policy exemptions',
  summary: 'List the exemptions of an index, also those that have ended.',
  operands: 'INDEX',
  async run({ config, operands, print }) {
    await using opened = await openDomain(config)
    const { index } = await findTree(opened.domain.db, operands[0] ?? '')
    const exemptions = await readExemptions(opened.domain.db, index.id)
    const rows = exemptions.map((each) => [
      String(each.id),
      each.target.text,
      each.rule ?? 'all rules',
      each.by,
      minuteOf(each.expiresAt),
      each.reason,
    ])
    print(table(['id', 'target', 'from', 'by', 'until', 'reason'], rows))
  },
})

export const policyEnd = command({
  name: 'policy end',
  summary: 'End an exemption before its time.',
  operands: 'INDEX ID',
  async run({ config, operands, print }) {
    const [index = '', id = ''] = operands
    if (!/^\d{1,15}$/.test(id)) {
      throw new UsageError(`${JSON.stringify(id.slice(0, 80))} is not the id of an exemption`)
    }
    await asAdministrator(config, (domain, identity) =>
      endExemption(domain, identity, { index, id: Number(id) }),
    )
    print(`exemption ${id} has ended`)
  },
})

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`the rules cannot be read from ${file}: ${(error as Error).message}`)
  }
}
