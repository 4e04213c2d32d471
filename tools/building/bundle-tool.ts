/** Makes `cheese` one program of few files, in which Node's heavy built-in modules are loaded when they are first used. */
import { join } from 'node:path'
import { type OutputOptions, type Plugin, type RolldownOutput, rolldown } from 'rolldown'

/**
 * Each costs 2 to 40 ms of a start, and most runs need none. The others are loaded at once: they are light, or Node has
 * loaded them by itself.
 */
const heavy = new Set(
  [
    ['child_process', 'crypto', 'fs/promises', 'http', 'https', 'net', 'readline/promises'],
    ['stream', 'stream/promises', 'timers/promises', 'tls', 'worker_threads', 'zlib'],
  ]
    .flat()
    .map((name) => `node:${name}`),
)

/** `root` is the repository. Writes `main.cjs`, the workers, and what they share; returns the libraries that are inside. */
export async function bundleTool(root: string, folder: string): Promise<string[]> {
  const packages = join(root, 'packages')
  await using bundle = await rolldown({
    cwd: join(packages, 'cli'),
    input: {
      main: join(packages, 'cli/src/main.ts'),
      'link-worker': join(packages, 'installer/src/install-wheel/link-worker.ts'),
      'unpack-worker': join(packages, 'installer/src/cache/unpack-worker.ts'),
    },
    platform: 'node',
    external: (id) => id.startsWith('node:') && !heavy.has(id),
    // Modules here do nothing when they are loaded but the entry points; without this all of a package comes with any of it.
    treeshake: { moduleSideEffects: false },
    // What one command shares with another is in its file, which both may load.
    checks: { ineffectiveDynamicImport: false },
    plugins: [lazyBuiltIns],
  })
  const options = {
    dir: folder,
    // Loaded with less ado than ES modules, whose wrappers also load all that `node:fs` can lead to.
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
  } satisfies OutputOptions
  const short = modulesOfShortRuns(await bundle.generate(options))
  const { output } = await bundle.write({
    ...options,
    codeSplitting: { groups: [{ name: 'short-runs', test: (id) => short.has(id) }] },
  })
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  const libraries = modules.map((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1])
  return [...new Set(libraries)].filter((name) => name !== undefined).sort()
}

/** The commands of which most runs change nothing. */
const shortRuns = /\/cli\/src\/(main|commands\/(install|list))\.ts$/

/** All that those load when they start, which is one file then: finding and reading another takes half a millisecond. */
function modulesOfShortRuns({ output }: RolldownOutput): Set<string> {
  const chunks = new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  )
  const names = new Set(
    [...chunks.values()]
      .filter(({ facadeModuleId }) => facadeModuleId && shortRuns.test(facadeModuleId))
      .map(({ fileName }) => fileName),
  )
  for (const name of names) for (const next of chunks.get(name)?.imports ?? []) names.add(next)
  return new Set([...names].flatMap((name) => chunks.get(name)?.moduleIds ?? []))
}

const mark = '\0lazy:'

/** An import of a heavy module becomes one of a stand-in for each of its names, which loads it at the first touch. */
const lazyBuiltIns: Plugin = {
  name: 'lazy-built-ins',
  resolveId: (id) => (heavy.has(id) ? mark + id : undefined),
  load(id) {
    if (!id.startsWith(mark)) return undefined
    const module = id.slice(mark.length)
    const names = Object.keys(process.getBuiltinModule(module)!).filter((name) =>
      /^\w+$/.test(name),
    )
    const stands = names
      .filter((name) => name !== 'default')
      .map((name) => `export const ${name} = /* @__PURE__ */ standIn('${name}')`)
    return { code: [standInCode(module), ...stands].join('\n'), moduleSideEffects: false }
  },
}

/**
 * A bound function can be called and constructed, and has no property that a proxy would have to be true to. Methods of
 * what is no function, such as `parentPort`, are given the real thing as `this`: a native one refuses a proxy.
 */
function standInCode(module: string): string {
  return `
const load = (name) => process.getBuiltinModule('${module}')[name]
const standIn = (name) =>
  new Proxy(function () {}.bind(), {
    get: (_, key) => {
      const real = load(name)
      const value = real[key]
      return typeof real !== 'function' && typeof value === 'function' ? value.bind(real) : value
    },
    apply: (_, self, given) => load(name)(...given),
    construct: (_, given) => new (load(name))(...given),
  })`
}
