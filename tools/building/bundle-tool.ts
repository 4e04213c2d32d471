/** Makes `cheese` one program of few files, in which Node's heavy built-in modules are loaded when they are first used. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type InputOptions,
  type OutputOptions,
  type Plugin,
  type RolldownOutput,
  rolldown,
} from 'rolldown'
import { heavy, htmlParser, lazyModules } from './lazy-modules.ts'

/** `root` is the repository. Writes `main.cjs`, the workers, and what they load; returns the libraries that are inside. */
export async function bundleTool(root: string, folder: string): Promise<string[]> {
  const packages = join(root, 'packages')
  const [program, beside] = await Promise.all([
    bundleProgram(packages, folder),
    bundleBeside(packages, folder),
  ])
  const modules = [...program.output, ...beside.output].flatMap((file) =>
    file.type === 'chunk' ? file.moduleIds : [],
  )
  const libraries = modules.map((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1])
  return [...new Set(libraries)].filter((name) => name !== undefined).sort()
}

async function bundleProgram(packages: string, folder: string): Promise<RolldownOutput> {
  const input = { main: join(packages, 'cli/src/main.ts') }
  await using bundle = await rolldown({ ...common, cwd: join(packages, 'cli'), input })
  const first = await bundle.generate(written)
  const short = modulesBehind(first, shortRuns)
  const change = modulesBehind(first, changes)
  const program = await bundle.write({
    ...written,
    dir: folder,
    entryFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      groups: [
        { name: 'short-runs', priority: 1, test: (id) => short.has(id) },
        { name: 'changes', test: (id) => change.has(id) },
      ],
    },
  })
  const start = await readFile(join(import.meta.dirname, '../launcher/run-bundle.cjs'), 'utf8')
  const entry = program.output.find((file) => file.type === 'chunk' && file.isEntry)!
  await writeFile(join(folder, 'main.cjs'), `${start}\nload('${entry.fileName}')\n`)
  return program
}

/** On their own: a thread that shared a file with the program would load, and run, all of it. */
async function bundleBeside(packages: string, folder: string): Promise<RolldownOutput> {
  const installer = join(packages, 'installer/src')
  const input = {
    [htmlParser]: htmlParser,
    'link-worker': join(installer, 'install-wheel/link-worker.ts'),
    'unpack-worker': join(installer, 'cache/unpack-worker.ts'),
  }
  await using bundle = await rolldown({ ...common, cwd: join(packages, 'cli'), input })
  return await bundle.write({ ...written, dir: folder })
}

/** The commands of which most runs change nothing. */
const shortRuns = /\/cli\/src\/(main|commands\/(install|list))\.ts$/

/** What they load when they change something after all. */
const changes = /\/cli\/src\/installing\/change-environment\.ts$/

/** All that those load when they start, which is one file then: finding and reading another takes half a millisecond. */
function modulesBehind({ output }: RolldownOutput, wanted: RegExp): Set<string> {
  const chunks = new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  )
  const names = new Set(
    [...chunks.values()]
      .filter(({ moduleIds }) => moduleIds.some((id) => wanted.test(id)))
      .map(({ fileName }) => fileName),
  )
  for (const name of names) for (const next of chunks.get(name)?.imports ?? []) names.add(next)
  return new Set([...names].flatMap((name) => chunks.get(name)?.moduleIds ?? []))
}

/** One other character makes V8 keep and read all of a file as two bytes a character. */
const inAscii: Plugin = {
  name: 'in-ascii',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escaped)
    }
  },
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const common = {
  platform: 'node',
  external: (id) => id.startsWith('node:') && !heavy.has(id),
  // Modules here do nothing when they are loaded but the entry points; without this all of a package comes with any of it.
  treeshake: { moduleSideEffects: false },
  // What one command shares with another is in its file, which both may load.
  checks: { ineffectiveDynamicImport: false },
  plugins: [lazyModules, inAscii],
} satisfies InputOptions

const written = {
  // Loaded with less ado than ES modules, whose wrappers also load all that `node:fs` can lead to.
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
} satisfies OutputOptions
