// Loads a program whose bin/<name>.cjs this is: as it was built, or from the sources. Plain JavaScript for any Node.
const { existsSync, mkdirSync, statSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { basename, dirname, join } = require('node:path')
const process = require('node:process')
const { pathToFileURL } = require('node:url')

// Made and tested on 26; what is used of Node is there, stable, from 24.8.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 8)) refuse()

// Settings of this program, given in its environment, are no matter of those that it starts.
const { LAUNCH_ONLY } = process.env
if (LAUNCH_ONLY)
  for (const setting of ['LAUNCH_ONLY', ...LAUNCH_ONLY.split(' ')]) delete process.env[setting]

// The path as it was called: behind it may be a link to the one file that all programs share.
const here = dirname(process.argv[1])
const name = basename(process.argv[1], '.cjs')
const { XDG_CACHE_HOME, HOME } = process.env
const cache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'))
// Not where Node would put it, in a folder for all users: whoever writes there first decides what others run.
const compiled = cache && join(cache, name, 'compiled')
if (compiled && isOwn(compiled)) enableCompileCache(compiled)

const program = ['../dist/main.cjs', '../dist/main.js', 'from-sources.cjs', 'from-sources.js']
  .map((path) => join(here, path))
  .find((path) => existsSync(path))
if (program === undefined) fail(`error: ${name} is not whole: ${here} has nothing to run`, 2)
if (program.endsWith('.cjs')) require(program)
else void import(pathToFileURL(program).href)

/** Whether nobody else can have put code there. Made first, for Node tries for ever where no folder can be (`/proc`). */
function isOwn(folder) {
  if (!makeFolder(folder)) return false
  const { uid, mode } = statSync(folder)
  return !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0)
}

function makeFolder(folder) {
  if (existsSync(folder)) return true
  if (!makeFolder(dirname(folder))) return false
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch {
    // Another process made it, or it cannot be made.
  }
  return existsSync(folder)
}

function refuse() {
  const platform = `${process.platform}-${process.arch}`
  const hint = `hint: install Node 26, or the npm package node-${platform}, which brings it`
  fail(`error: this needs Node 24.8 or later, and this is ${process.version}\n\n${hint}`, 1)
}

function fail(message, code) {
  console.error(message)
  process.exit(code)
}
