/** `npm run build`: stages what is published in dist/<package>/, as JavaScript, and packs each into a tarball. */
import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { bundleTool } from './building/bundle-tool.ts'
import { type Manifest, publishedManifest } from './building/published-manifest.ts'
import { mustRun } from './run-command.ts'

/** In this order each finds what it imports already built. */
const libraries = ['archive', 'packaging', 'client', 'resolver', 'installer']
const published = [...libraries, 'index-server', 'cli']
/** One program, whose packages are inside. */
const bundled = 'cli'

if (import.meta.main) {
  process.chdir(new URL('..', import.meta.url).pathname)
  for (const tarball of await build()) console.log(tarball)
}

/** The paths of the tarballs, in an order in which they can be installed together. */
export async function build(): Promise<string[]> {
  await rm('dist', { recursive: true, force: true })
  const tarballs: string[] = []
  for (const folder of published) {
    await (folder === bundled ? bundle(folder) : compile(folder))
    await copyFrontMatter(folder)
    tarballs.push(await pack(folder))
  }
  return tarballs
}

async function bundle(folder: string): Promise<void> {
  const libraries = await bundleTool(process.cwd(), resolve('dist', folder, 'dist'))
  const notices = libraries.map(async (library) => {
    const text = await readFile(join('node_modules', library, 'LICENSE'), 'utf8')
    return `${library}\n\n${text.trim()}\n`
  })
  const all = (await Promise.all(notices)).join(`\n${'-'.repeat(80)}\n\n`)
  await writeFile(join('dist', folder, 'LICENSES-OF-LIBRARIES'), all)
}

/** Other packages are seen through their declarations, so that only this one's files are emitted. */
async function compile(folder: string): Promise<void> {
  const stage = `dist/${folder}`
  const earlier = libraries.slice(0, published.indexOf(folder))
  const declarations = earlier.map((name) => [`@cheeseshop/${name}`, [`./${name}/dist/mod.d.ts`]])
  const config = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: `../packages/${folder}/src`,
      outDir: `./${folder}/dist`,
      paths: Object.fromEntries(declarations),
    },
    include: [`../packages/${folder}/src`],
    exclude: [
      '../**/*.test.ts',
      '../**/*.test.tsx',
      '../**/*.fixture.ts',
      '../packages/*/src/testing',
      '../packages/*/src/**/testing',
    ],
  }
  await mkdir(stage, { recursive: true })
  const path = `dist/tsconfig.${folder}.json`
  await writeFile(path, JSON.stringify(config))
  await mustRun('tsc', ['-p', path])
  await copyAssets(folder)
}

/** What is not code but read at run time: style sheets, scripts of pages, tables. */
async function copyAssets(folder: string): Promise<void> {
  await cp(`packages/${folder}/src`, `dist/${folder}/dist`, {
    recursive: true,
    filter: (path) => !/\.tsx?$|\/testing$/.test(path),
  })
}

async function copyFrontMatter(folder: string): Promise<void> {
  const source = join('packages', folder)
  const stage = join('dist', folder)
  const manifest: Manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'))
  const root: Manifest = JSON.parse(await readFile('package.json', 'utf8'))
  const ours = publishedManifest(manifest, root)
  // What is inside is not to be installed beside it as well.
  if (folder === bundled) delete ours.dependencies
  await writeFile(join(stage, 'package.json'), `${JSON.stringify(ours, null, 2)}\n`)
  await copyFile('LICENSE', join(stage, 'LICENSE'))
  const readme = join(source, 'README.md')
  await copyFile(existsSync(readme) ? readme : 'README.md', join(stage, 'README.md'))
  for (const path of Object.values(ours.bin ?? {})) {
    await cp(join(source, 'bin'), join(stage, 'bin'), {
      recursive: true,
      dereference: true,
      // The launcher and what lies beside it under its name; the rest runs the sources.
      filter: (from) => from.endsWith('/bin') || basename(from).split('.')[0] === basename(path),
    })
  }
}

async function pack(folder: string): Promise<string> {
  const args = ['pack', '--json', '--pack-destination', '..']
  const { stdout } = await mustRun('npm', args, { cwd: join('dist', folder) })
  return join('dist', /"filename": "([^"]+)"/.exec(stdout)![1]!)
}
