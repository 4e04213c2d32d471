/** An export as devpi-server 6 writes it, for tests: two indexes of alice, one of which reads the other and a mirror. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type BuiltDistribution, temporaryFolder } from '@cheeseshop/testing'

export interface ExportedIndex {
  indexconfig: Record<string, unknown>
  projects?: object
  files?: Record<string, unknown>[]
}

export interface Exported {
  users: Record<string, Record<string, unknown>>
  indexes: Record<string, ExportedIndex>
  dumpversion: unknown
}

const when = [2020, 1, 2, 3, 4, 5]

export function stage(config: Record<string, unknown> = {}): ExportedIndex {
  const indexconfig = {
    type: 'stage',
    volatile: false,
    bases: [],
    acl_upload: ['alice'],
    ...config,
  }
  return { indexconfig, projects: {}, files: [] }
}

export function exported(): Exported {
  return {
    users: {
      alice: { username: 'alice', email: 'alice@acme.example', pwhash: '$argon2id$secret' },
      bob: { username: 'bob', pwhash: '$argon2id$secret' },
    },
    indexes: {
      'alice/dev': stage({ bases: ['alice/prod', 'root/pypi'], volatile: true }),
      'alice/prod': stage({ acl_upload: ['alice', 'bob'] }),
      'root/pypi': {
        indexconfig: { type: 'mirror', mirror_url: 'https://me:secret@public.example/simple/' },
      },
    },
    dumpversion: '2',
  }
}

export async function devpiFolder(content: Exported) {
  const folder = await temporaryFolder()
  const write = async (path: string, bytes: Uint8Array | string) => {
    await mkdir(dirname(folder.join(path)), { recursive: true })
    await writeFile(folder.join(path), bytes)
  }
  /** Written where devpi writes it, with a log that tells of its upload. */
  const add = async (
    index: string,
    { filename, bytes }: BuiltDistribution,
    change: Record<string, unknown> = {},
  ) => {
    const [name = '', version = ''] = filename.split('-')
    const relpath = `${index}/${name}/${version}/${filename}`
    await write(relpath, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    content.indexes[index]!.files!.push({
      ...{ type: 'releasefile', projectname: name, version, relpath },
      entrymapping: { hashes: { sha256 }, last_modified: 'Sun, 22 Nov 2026 20:17:46 GMT' },
      log: [{ what: 'upload', who: 'bob', when, dst: index }],
      ...change,
    })
  }
  const save = () => write('dataindex.json', JSON.stringify(content))
  return {
    path: folder.join('.'),
    join: folder.join,
    write,
    add,
    save,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}
