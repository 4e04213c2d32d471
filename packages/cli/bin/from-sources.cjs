// The tool as it stands in the repository: bundled anew whenever a source has changed, which takes half a second.
const fs = require('node:fs')
const { join } = require('node:path')
const process = require('node:process')

const root = join(__dirname, '../../..')
const kept = join(root, '.cache/cheese')
const packages = ['archive', 'packaging', 'client', 'resolver', 'installer', 'cli']

const stamp = readStamp()
const known = readKnown()
if (known?.stamp === stamp) require(join(kept, known.folder, 'main.cjs'))
else void bundleAndRun()

/** Everything that tells one state of the sources, and of what makes the bundle, from another without reading them. */
function readStamp() {
  const lines = [process.version]
  const add = (path) => {
    const { mtimeMs, size } = fs.statSync(join(root, path))
    lines.push(`${path} ${size} ${mtimeMs}`)
  }
  add('package-lock.json')
  add('tools/building/bundle-tool.ts')
  add('tools/building/lazy-modules.ts')
  add('tools/launcher/run-bundle.cjs')
  for (const name of packages) {
    const source = `packages/${name}/src`
    for (const path of fs.readdirSync(join(root, source), { recursive: true })) {
      if (path.endsWith('.ts') && !path.endsWith('.test.ts')) add(`${source}/${path}`)
    }
  }
  return lines.join('\n')
}

/** The folder of the last bundle, and the stamp of what it was made of. */
function readKnown() {
  try {
    const [folder, ...lines] = fs.readFileSync(join(kept, 'newest'), 'utf8').split('\n')
    const isThere = fs.existsSync(join(kept, folder, 'main.cjs'))
    return isThere ? { folder, stamp: lines.join('\n') } : undefined
  } catch {
    return undefined
  }
}

async function bundleAndRun() {
  const folder = `${Date.now()}-${process.pid}`
  try {
    const { bundleTool } = await import('../../../tools/building/bundle-tool.ts')
    await bundleTool(root, join(kept, folder))
    fs.writeFileSync(join(kept, `${folder}.part`), `${folder}\n${stamp}`)
    fs.renameSync(join(kept, `${folder}.part`), join(kept, 'newest'))
    forgetOld(folder)
  } catch {
    // Without a bundler, or where nothing can be written, the sources run as they are.
    await import('../src/main.ts')
    return
  }
  require(join(kept, folder, 'main.cjs'))
}

/** Not those that another run, started a moment ago, still loads from. */
function forgetOld(newest) {
  for (const name of fs.readdirSync(kept)) {
    const isOld = Date.now() - Number(name.split('-')[0]) > 600_000
    if (name !== newest && isOld) fs.rmSync(join(kept, name), { recursive: true, force: true })
  }
}
