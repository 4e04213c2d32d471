/** The composition root: from settings to a running index. The only file that builds everything. */
import type { Config } from './config/settings.ts'
import { changeMark } from './database/change-mark.ts'
import type { Domain } from './domain/domain.ts'
import { ClientAddresses } from './http/client-addresses.ts'
import { KnownFiles } from './http/files/known-files.ts'
import { type Listening, listen } from './http/listener.ts'
import { HotPages } from './http/pages/hot-pages.ts'
import { PageCache } from './http/pages/page-cache.ts'
import { createRouter } from './http/router.ts'
import { ProjectLists } from './http/simple/project-lists.ts'
import type { Site } from './http/site.ts'
import type { Log } from './log.ts'
import { type OpenDomain, openDomain } from './open-domain.ts'
import { reportUpstreams } from './open-upstreams.ts'
import { startJobs } from './start-jobs.ts'

export interface Started extends Pick<OpenDomain, 'domain' | 'firstToken' | 'upstreams'> {
  /** The index as a function, for tests and for other servers. */
  fetch(request: Request): Response | Promise<Response>
  listen(): Promise<Listening>
  /** Ends everything but what `listen` began, which has its own end. */
  close(): Promise<void>
}

export async function start(config: Config, log: Log): Promise<Started> {
  const opened = await openDomain(config, {
    create: true,
    firstToken: true,
    upstreams: { environment: process.env, report: reportUpstreams(log) },
  })
  const { domain, firstToken } = opened
  const site = createSite(domain, config, log)
  const router = createRouter(site)
  const jobs = config.jobs ? startJobs(domain, config, log) : undefined
  return {
    domain,
    upstreams: opened.upstreams,
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
  const now = () => domain.clock().getTime()
  const pages = new PageCache({
    limit: config.pageCacheSize,
    changeMark: mark,
    now,
  })
  const addresses = new ClientAddresses(config.trustedProxies, config.publicUrl)
  return {
    domain,
    config,
    log,
    pages,
    hotPages: new HotPages(pages, addresses),
    projectLists: new ProjectLists(domain, mark),
    knownFiles: new KnownFiles(mark, now),
    addresses,
  }
}
