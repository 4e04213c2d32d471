/** `cheeseshop why`: what happened to every file of a project that any source of an index has. */
import { tryParseName } from '@cheeseshop/packaging'
import { UsageError } from '../config/usage-error.ts'
import { choice } from '../config/value-types.ts'
import { findTree } from '../domain/indexes/find-tree.ts'
import {
  type ExplainedFile,
  type Explanation,
  explainProject,
} from '../domain/policy/explain-project.ts'
import { openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'
import { table } from './table.ts'

export const why = command({
  name: 'why',
  summary: 'Say why a project, or one version of it, can or cannot be seen in an index.',
  operands: 'INDEX PROJECT [VERSION]',
  options: { format: option(choice(['text', 'json']), 'How to print.', 'text') },
  async run({ config, operands, options, print }) {
    const [index = '', project = '', version] = operands
    const upstreams = { environment: process.env, report: () => {} }
    await using opened = await openDomain(config, { upstreams })
    const { domain } = opened
    const tree = await findTree(domain.db, index)
    const name = tryParseName(project)
    const explanation = name && (await explainProject(domain, tree, name, version))
    if (explanation === undefined) {
      throw new UsageError(`no source of ${index} has a project ${quoted(project)}`)
    }
    if (options.format === 'json') return print(JSON.stringify(explanation, null, 2))
    for (const line of linesOf(explanation)) print(line)
  },
})

function linesOf({ project, origin, isStale, files }: Explanation): string[] {
  const stale = ['An upstream could not be asked, so newer files may be missing here.']
  const rows = files.map((file) => [file.version, file.filename, outcomeOf(file), reasonOf(file)])
  return [
    `${project}: ${origin.origin}. ${origin.reason}`,
    ...(isStale ? stale : []),
    files.length === 0
      ? 'No source has a file of it.'
      : table(['version', 'file', 'it is', 'because'], rows),
  ]
}

function outcomeOf({ isShown, isYanked }: ExplainedFile): string {
  return isShown ? (isYanked ? 'shown, yanked' : 'shown') : 'hidden'
}

function reasonOf({ rule, reason, source, remarks }: ExplainedFile): string {
  return rule === undefined ? [`${source} has it.`, ...remarks].join(' ') : `${rule}: ${reason}`
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}
