/** What every surface is handed. */
import type { Config } from '../config/settings.ts'
import type { Domain } from '../domain/domain.ts'
import type { Log } from '../log.ts'
import type { ClientAddresses } from './client-addresses.ts'
import type { KnownFiles } from './files/known-files.ts'
import type { HotPages } from './pages/hot-pages.ts'
import type { PageCache } from './pages/page-cache.ts'
import type { ProjectLists } from './simple/project-lists.ts'

export interface Site {
  readonly domain: Domain
  readonly config: Config
  readonly log: Log
  readonly pages: PageCache
  readonly hotPages: HotPages
  readonly knownFiles: KnownFiles
  readonly projectLists: ProjectLists
  readonly addresses: ClientAddresses
}
