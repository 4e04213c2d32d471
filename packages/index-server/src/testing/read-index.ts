/** Projects and files as the default index shows them, for tests of rules that are not about indexes. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Domain } from '../domain/domain.ts'
import { findIndexFile } from '../domain/indexes/index-file.ts'
import {
  type IndexFile,
  type IndexProject,
  readIndexProject,
} from '../domain/indexes/index-project.ts'
import { type IndexTree, readIndexTree } from '../domain/indexes/index-tree.ts'

export async function readProject(
  domain: Domain,
  name: NormalizedName,
): Promise<IndexProject | undefined> {
  return readIndexProject(domain, await defaultTree(domain), name)
}

export async function readFile(domain: Domain, filename: string): Promise<IndexFile | undefined> {
  const is = (file: IndexFile) => file.filename === filename
  return (await findIndexFile(domain, await defaultTree(domain), { filename, is }))?.file
}

async function defaultTree(domain: Domain): Promise<IndexTree> {
  return (await readIndexTree(domain, ''))!
}
