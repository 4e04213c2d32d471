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

const command = /^[a-z]+$/.test(process.argv[2]) ? process.argv[2] : '-'
/** There while a run of this command is to be learned from. */
const lesson = folder && join(folder, `learn-${command}`)
let isLearning = lesson !== undefined && fs.existsSync(lesson)
/** Gone as soon as V8 has looked through all of the memory, and perhaps dropped code that was not called for a while. */
const witness = new WeakRef({})

function load(name) {
  const known = loaded.get(name)
  if (known) return known.module.exports
  const filename = join(__dirname, name)
  const kept = readKept(name)
  if (loaded.size === 0 && folder !== undefined && kept.code === undefined) isLearning = true
  letCodeGo(true)
  const script = new Script(wrap(fs.readFileSync(filename, 'utf8')), {
    filename,
    cachedData: kept.code,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  letCodeGo(false)
  const module = { exports: {} }
  loaded.set(name, { module, script, kinds: script.cachedDataRejected ? [] : kept.kinds })
  const load = script.runInThisContext()
  load.call(module.exports, module.exports, requireBeside, module, filename, __dirname)
  return module.exports
}

function requireBeside(id) {
  return id.startsWith('./') ? load(id.slice(2)) : require(id)
}

/**
 * The code stands there twice, and after it the kinds of runs that it was made by, in as many bytes as there is room for.
 * V8 believes what it is given, and runs into the void with what is damaged; to compare costs less than any checksum.
 */
function readKept(name) {
  if (folder === undefined) return { kinds: [] }
  try {
    const bytes = readOwn(join(folder, `${name}.code`))
    const [half, end] = [(bytes.length - mostKinds) / 2, bytes.length - mostKinds]
    const code = bytes.subarray(0, half)
    const isWhole = code.equals(bytes.subarray(half, end))
    const kinds = bytes.toString('latin1', end).trim().split(' ')
    return isWhole ? { code, kinds } : { kinds: [] }
  } catch {
    return { kinds: [] }
  }
}

/** Throws where somebody else wrote it: it would be run. */
function readOwn(path) {
  const file = fs.openSync(path, 'r')
  try {
    if (process.getuid && fs.fstatSync(file).uid !== process.getuid()) throw new Error('not ours')
    return fs.readFileSync(file)
  } finally {
    fs.closeSync(file)
  }
}

/** A kind of run that was not there yet adds what it has used; where some of that may be gone, the next one like it does. */
function keepCode() {
  const kind = `${command}:${loaded.size}`
  const isNew = ({ kinds }) =>
    !kinds.includes(kind) && [...kinds, kind].join(' ').length <= mostKinds
  const changed = [...loaded].filter(([, file]) => isNew(file))
  try {
    if (isLearning) fs.rmSync(lesson, { force: true })
    else if (changed.length > 0 && witness.deref() === undefined) {
      fs.writeFileSync(lesson, '')
      return
    }
    letCodeGo(true)
    for (const [name, { script, kinds }] of changed) {
      const told = Buffer.from([...kinds, kind].join(' ').padEnd(mostKinds))
      const code = script.createCachedData()
      write(name, Buffer.concat([code, code, told]))
    }
  } catch {
    // It will be compiled again.
  }
}

/**
 * Whether V8 may drop code. Of a file whose outermost function was dropped nothing can be kept, for nobody calls it twice.
 * What was compiled under one answer is of no use under the other, and that of Node was under this one: hence only in
 * runs that are learned from, and not while code is read or written.
 */
function letCodeGo(mayGo) {
  if (isLearning) require('node:v8').setFlagsFromString(`--${mayGo ? '' : 'no-'}flush-bytecode`)
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
