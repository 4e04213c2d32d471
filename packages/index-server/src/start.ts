/** The composition root: from settings to a running index. The only file that builds everything. */
import type { Config } from './config/settings.ts'
import { changeMark } from './database/change-mark.ts'
import { findProject } from './domain/catalog/projects.ts'
import type { Domain } from './domain/domain.ts'
import { ClientAddresses } from './http/client-addresses.ts'
import { type Listening, listen } from './http/listener.ts'
import { HotPages } from './http/pages/hot-pages.ts'
import { PageCache } from './http/pages/page-cache.ts'
import { createRouter } from './http/router.ts'
import { ProjectListPages } from './http/simple/project-list-pages.ts'
import type { Site } from './http/site.ts'
import type { Log } from './log.ts'
import { type OpenDomain, openDomain } from './open-domain.ts'
import { startJobs } from './start-jobs.ts'

export interface Started extends Pick<OpenDomain, 'domain' | 'firstToken'> {
  /** The index as a function, for tests and for other servers. */
  fetch(request: Request): Response | Promise<Response>
  listen(): Promise<Listening>
  /** Ends everything but what `listen` began, which has its own end. */
  close(): Promise<void>
}

export async function start(config: Config, log: Log): Promise<Started> {
  const opened = await openDomain(config, { create: 'if-absent', firstToken: true })
  const { domain, firstToken } = opened
  const site = createSite(domain, config, log)
  const router = createRouter(site)
  const jobs = config.jobs ? startJobs(domain, log) : undefined
  return {
    domain,
    ...(firstToken && { firstToken }),
    fetch: (request) => router.fetch(request, {}),
    listen: () => listen(site, router),
    close: async () => {
      await jobs?.close()
      await opened[Symbol.asyncDispose]()
      log.flush()
    },
  }
}

export function createSite(domain: Domain, config: Config, log: Log): Site {
  const mark = () => changeMark(domain.db)
  const pages = new PageCache({
    limit: config.pageCacheSize,
    changeMark: mark,
    serialOf: async (project) => (await findProject(domain, project))?.lastSerial,
  })
  const addresses = new ClientAddresses(config.trustedProxies, config.publicUrl)
  return {
    domain,
    config,
    log,
    pages,
    hotPages: new HotPages(pages, addresses),
    projectList: new ProjectListPages(domain, mark),
    addresses,
  }
}
