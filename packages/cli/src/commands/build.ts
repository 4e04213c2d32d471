/** `cheese build`: makes an sdist of a project, and a wheel of the sdist. */

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import { type Builder, type BuildSource, readDigest } from '@cheeseshop/installer'
import { LazyBuilds } from '../building/lazy-builds.ts'
import { readSource } from '../building/read-source.ts'
import { defineCommand } from '../command.ts'
import { buildOptions } from '../options/build-options.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import { Progress } from '../report/progress.ts'
import { bytes } from '../report/units.ts'
import { UsageError } from '../report/usage-error.ts'
import { copyWhole } from '../report/write-whole.ts'
import type { Session } from '../session.ts'
import { readDependencyMetadata } from '../settings/dependency-metadata.ts'
import { readFileRules } from './file-rules.ts'
import { openSessionClient } from './open-client.ts'

const options = {
  sdist: { kind: 'flag', short: 's', help: 'Only an sdist.' },
  wheel: {
    kind: 'flag',
    short: 'w',
    help: 'Only a wheel; with --sdist both, each of the sources.',
  },
  'out-dir': {
    kind: 'text',
    short: 'o',
    aliases: ['outdir'],
    placeholder: 'DIR',
    help: 'Into this folder. [dist in the project; where the sdist is]',
  },
  format: formatOption,
  ...buildOptions,
  ...indexOptions,
  ...choiceOptions,
  ...networkOptions,
} as const

export const build = defineCommand({
  summary: 'Makes an sdist of a project and, of the sdist, a wheel.',
  operands: '[FOLDER_OR_SDIST_OR_GIT_URL]',
  options,
  async run(session, values) {
    const [word = '.', ...others] = session.words
    if (others.length > 0) throw new UsageError('one project is built at a time')
    const interpreter = await session.interpreter()
    const progress = new Progress(session.printer)
    const { client, indexes } = await openSessionClient(session, values, { progress })
    await using builds = new LazyBuilds({
      session,
      values,
      client,
      hasIndexes: indexes.indexes.length > 0,
      files: readFileRules(values, interpreter, {
        statedMetadata: readDependencyMetadata(session)?.stated,
      }),
      interpreter,
      progress,
      // Who says "build" does not mean what was built before.
      refresh: true,
    })
    const { builder } = await builds.open()
    const source = await readSource(session, word)
    const folder = session.resolve(values['out-dir'] ?? usualFolder(source, word))
    const made = await buildAll(builder, { session, source, folder, wish: values }).finally(() =>
      progress.clear(),
    )
    await report(session, made, values.format === 'json')
    return 0
  },
})

/** Beside what it is made of, as other builders do. */
function usualFolder({ kind }: BuildSource, word: string): string {
  if (kind === 'folder') return join(word, 'dist')
  return kind === 'archive' ? dirname(word) : 'dist'
}

interface BuildWork {
  readonly session: Session
  readonly source: BuildSource
  readonly folder: string
  readonly wish: { readonly sdist: boolean; readonly wheel: boolean }
}

/** The paths. Nothing comes to the folder before all of it is built. */
async function buildAll(
  builder: Builder,
  { session, source, folder, wish }: BuildWork,
): Promise<string[]> {
  const isOpen = !wish.sdist && !wish.wheel
  const work = mkdtempSync(join(tmpdir(), 'cheese-build-'))
  try {
    const paths: string[] = []
    let wheelSource = source
    if (wish.sdist || (isOpen && source.kind !== 'archive')) {
      const sdist = await builder.sdist(source, work)
      paths.push(sdist)
      if (isOpen) wheelSource = await readSource(session, sdist)
    }
    if (wish.wheel || isOpen) paths.push((await builder.wheel(wheelSource)).path)
    makeFolder(folder)
    return paths.map((path) => {
      const target = join(folder, basename(path))
      copyWhole(path, target)
      return target
    })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function report(session: Session, paths: readonly string[], isJson: boolean): Promise<void> {
  const { printer, folder } = session
  const rows = await Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path),
      size: statSync(path).size,
      sha256: await readDigest(path),
    })),
  )
  if (isJson) printer.data(JSON.stringify(rows))
  else
    for (const { path, size } of rows)
      printer.info(`${printer.style('green', '+')} ${path} (${bytes(size)})`)
}
