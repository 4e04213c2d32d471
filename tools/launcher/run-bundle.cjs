// Runs the bundle it lies beside, and keeps the code that V8 made of what a run used: what Node keeps by itself has none
// of the functions that are compiled when they are first called, and that is a fifth of a short run.
const fs = require('node:fs')
const { getCompileCacheDir, wrap } = require('node:module')
const { join } = require('node:path')
const process = require('node:process')
const { constants, Script } = require('node:vm')

// Of this user and this Node, where start.cjs has any. Names of files hold a hash of what is in them.
const folder = getCompileCacheDir()
const mostKinds = 1024
const loaded = new Map()

function load(name) {
  const known = loaded.get(name)
  if (known) return known.module.exports
  const filename = join(__dirname, name)
  const kept = readKept(name)
  const script = new Script(wrap(fs.readFileSync(filename, 'utf8')), {
    filename,
    cachedData: kept.code,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} }
  loaded.set(name, { module, script, kinds: script.cachedDataRejected ? [] : kept.kinds })
  const load = script.runInThisContext()
  load.call(module.exports, module.exports, requireBeside, module, filename, __dirname)
  return module.exports
}

function requireBeside(id) {
  return id.startsWith('./') ? load(id.slice(2)) : require(id)
}

/** After the code stand the kinds of runs that it was made by, in as many bytes as there is room for. */
function readKept(name) {
  if (folder === undefined) return { kinds: [] }
  try {
    const bytes = fs.readFileSync(join(folder, `${name}.code`))
    const end = bytes.length - mostKinds
    return { code: bytes.subarray(0, end), kinds: bytes.toString('latin1', end).trim().split(' ') }
  } catch {
    return { kinds: [] }
  }
}

/** A kind of run that was not there yet adds what it has used. */
function keepCode() {
  const command = /^[a-z]+$/.test(process.argv[2]) ? process.argv[2] : '-'
  const kind = `${command}:${loaded.size}`
  for (const [name, { script, kinds }] of loaded) {
    const told = [...kinds, kind].join(' ')
    if (kinds.includes(kind) || told.length > mostKinds) continue
    try {
      write(name, Buffer.concat([script.createCachedData(), Buffer.from(told.padEnd(mostKinds))]))
    } catch {
      // It will be compiled again.
    }
  }
}

/** Whole and on the disk before it has its name: V8 believes what it reads. */
function write(name, bytes) {
  const unfinished = join(folder, `${name}.${process.pid}`)
  const file = fs.openSync(unfinished, 'w', 0o600)
  try {
    fs.writeFileSync(file, bytes)
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
  fs.renameSync(unfinished, join(folder, `${name}.code`))
  forgetOld()
}

/** Bundles that were replaced leave theirs; what is still in use is soon made again. */
function forgetOld() {
  for (const name of fs.readdirSync(folder)) {
    const path = join(folder, name)
    if (Date.now() - fs.statSync(path).mtimeMs > 30 * 86_400_000) fs.rmSync(path)
  }
}

if (folder !== undefined) process.on('exit', keepCode)
