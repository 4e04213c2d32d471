// The index as it stands in the repository: Node strips the types, the hook reads the pages.
import './tsx-hook.js'

await import('../src/main.ts')
