/** The tree keeps its shape: known folders only, names that say something, entry files named as agreed. */
import { basename, extname } from 'node:path'
import { listTrackedFiles, refuse } from './tracked-files.ts'

const topFolders = new Set('.ci .github benchmarks conformance docs e2e packages tools'.split(' '))
const packageFolders = new Set(
  'archive cli client index-server installer packaging resolver testing'.split(' '),
)
const emptyWords = new Set('utils util helpers helper common lib manager service misc'.split(' '))
const code = new Set(['.ts', '.tsx', '.js'])

/** DESIGN of the tree: ARCHITECTURE.md says what each folder is for. */
export async function checkLayout(root: string): Promise<void> {
  refuse((await listTrackedFiles(root)).flatMap(findFaults))
}

function findFaults(path: string): string[] {
  const parts = path.split('/')
  const stem = basename(path, extname(path))
  const faults: string[] = []
  if (parts.length > 1 && !topFolders.has(parts[0]!)) {
    faults.push(`${path}: ${parts[0]}/ is no folder of this repository`)
  }
  if (parts[0] === 'packages' && !packageFolders.has(parts[1]!)) {
    faults.push(`${path}: a new package needs a decision in docs/decisions and a line here`)
  }
  const word = [...parts.slice(0, -1), stem].find((part) => emptyWords.has(part))
  if (word !== undefined) faults.push(`${path}: "${word}" does not say what is inside`)
  if (stem === 'index' && code.has(extname(path))) {
    faults.push(`${path}: "index" is a package index here; name an entry file mod.ts or main.ts`)
  }
  if (extname(path) === '.tsx' && !path.startsWith('packages/index-server/src/web/')) {
    faults.push(`${path}: pages live in packages/index-server/src/web`)
  }
  return faults
}
