/** Modules that cost much to load and that most runs do not need: in the bundle they are loaded when they are first used. */
import type { Plugin } from 'rolldown'

/**
 * Each costs 2 to 40 ms of a start, and most runs need none. The others are loaded at once: they are light, or Node has
 * loaded them by itself.
 */
export const heavy = new Set(
  `child_process crypto fs/promises http https net readline/promises sqlite stream stream/promises
   timers/promises tls worker_threads zlib`
    .split(/\s+/)
    .map((name) => `node:${name}`),
)

/** A library that is loaded like these, out of a file of its own: most pages are JSON. */
export const htmlParser = 'parse5'

const mark = '\0lazy:'

/** An import of a heavy module becomes one of a stand-in for each of its names, which loads it at the first touch. */
export const lazyModules: Plugin = {
  name: 'lazy-modules',
  resolveId: (id, importer) =>
    heavy.has(id) || (id === htmlParser && importer !== undefined) ? mark + id : undefined,
  async load(id) {
    if (!id.startsWith(mark)) return undefined
    const module = id.slice(mark.length)
    const names = Object.keys(await import(module)).filter((name) => /^\w+$/.test(name))
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
  const found = heavy.has(module)
    ? `process.getBuiltinModule('${module}')`
    : `process.getBuiltinModule('node:module').createRequire(__filename)('./${module}.cjs')`
  return `
const load = (name) => ${found}[name]
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
