/** `npm run build`: stages what is published in dist/<package>/, as JavaScript, and packs each into a tarball. */
import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, publishedManifest } from './building/published-manifest.ts'
import { mustRun } from './run-command.ts'

type PublishedPackage = {
  folder: string
  /** Published packages it imports, which are built before it. */
  uses: string[]
}

const published: PublishedPackage[] = [
  { folder: 'archive', uses: [] },
  { folder: 'packaging', uses: ['archive'] },
  { folder: 'index-server', uses: ['archive', 'packaging'] },
]

if (import.meta.main) {
  process.chdir(new URL('..', import.meta.url).pathname)
  for (const tarball of await build()) console.log(tarball)
}

/** The paths of the tarballs, in an order in which they can be installed together. */
export async function build(): Promise<string[]> {
  await rm('dist', { recursive: true, force: true })
  const tarballs: string[] = []
  for (const each of published) {
    await compile(each)
    await copyAssets(each.folder)
    await copyFrontMatter(each.folder)
    tarballs.push(await pack(each.folder))
  }
  return tarballs
}

/** Other packages are seen through their declarations, so that only this one's files are emitted. */
async function compile({ folder, uses }: PublishedPackage): Promise<void> {
  const stage = `dist/${folder}`
  const declarations = uses.map((name) => [`@cheeseshop/${name}`, [`./${name}/dist/mod.d.ts`]])
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
    ],
  }
  await mkdir(stage, { recursive: true })
  const path = `dist/tsconfig.${folder}.json`
  await writeFile(path, JSON.stringify(config))
  await mustRun('tsc', ['-p', path])
}

/** What is not code but read at run time: style sheets, scripts of pages, tables. */
async function copyAssets(folder: string): Promise<void> {
  await cp(`packages/${folder}/src`, `dist/${folder}/dist`, {
    recursive: true,
    filter: (path) => !/\.tsx?$|\/src\/testing$/.test(path),
  })
}

async function copyFrontMatter(folder: string): Promise<void> {
  const source = join('packages', folder)
  const stage = join('dist', folder)
  const manifest: Manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'))
  const root: Manifest = JSON.parse(await readFile('package.json', 'utf8'))
  const ours = publishedManifest(manifest, root)
  await writeFile(join(stage, 'package.json'), `${JSON.stringify(ours, null, 2)}\n`)
  await copyFile('LICENSE', join(stage, 'LICENSE'))
  const readme = join(source, 'README.md')
  await copyFile(existsSync(readme) ? readme : 'README.md', join(stage, 'README.md'))
  for (const path of Object.values(ours.bin ?? {})) {
    await cp(join(source, path), join(stage, path))
  }
}

async function pack(folder: string): Promise<string> {
  const args = ['pack', '--json', '--pack-destination', '..']
  const { stdout } = await mustRun('npm', args, { cwd: join('dist', folder) })
  return join('dist', /"filename": "([^"]+)"/.exec(stdout)![1]!)
}
