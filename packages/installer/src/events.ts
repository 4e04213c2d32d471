/** Everything that engines of this package tell while they work; they never print. */
import type { Version } from '@cheeseshop/packaging'

export type InstallerEvent = EnvironmentEvent | CacheEvent | TransactionEvent

export type OnEvent<Event = InstallerEvent> = (event: Event) => void

export type EnvironmentEvent =
  /** Another process changes the environment; this one waits for it. */
  | { readonly type: 'lock-waiting'; readonly path: string }
  /** A transaction that was cut off has been undone, or its last step done. */
  | { readonly type: 'recovered'; readonly outcome: 'undone' | 'completed'; readonly path: string }

export type CacheEvent =
  | { readonly type: 'wheel-unpacked'; readonly filename: string; readonly files: number }
  /** An entry of the cache was damaged and has been thrown away. */
  | { readonly type: 'cache-healed'; readonly path: string; readonly reason: string }
  /** The wheel has a fault that does not prevent its use. */
  | { readonly type: 'wheel-warning'; readonly filename: string; readonly message: string }

export type TransactionEvent =
  | { readonly type: 'changes-started'; readonly install: number; readonly remove: number }
  | { readonly type: 'project-removed'; readonly name: string; readonly version: Version }
  | { readonly type: 'project-installed'; readonly name: string; readonly version: string }
  /** A way of linking does not work here, and the next one is taken. */
  | { readonly type: 'link-mode'; readonly mode: LinkMode; readonly reason: string }
  | { readonly type: 'install-warning'; readonly message: string }

/** How files get from the cache into an environment; each falls back to the next. */
export type LinkMode = 'clone' | 'hardlink' | 'copy'
