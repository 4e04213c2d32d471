/** Every door of the index on one page: what may be called, and which surface answers. */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { errorPage } from '../web/pages/error/page.tsx'
import { landingPage } from '../web/pages/landing/page.tsx'
import {
  openProject,
  projectPage,
  publishedRelease,
  releasePage,
} from '../web/pages/project/page.tsx'
import { projectsPage } from '../web/pages/projects/page.tsx'
import { publicFile } from '../web/public-files.ts'
import { apiRoutes } from './api/routes.ts'
import { errorReply } from './errors.ts'
import { permanentFile, predictableFile } from './files/file.ts'
import { upstreamFile } from './files/upstream-file.ts'
import { health } from './health.ts'
import { HttpError } from './http-error.ts'
import { projectJson, releaseJson } from './json/project-json.ts'
import { requireTree } from './open-index.ts'
import { missingSlash, placeOf } from './place.ts'
import { redirectReply, textReply } from './reply.ts'
import { projectList } from './simple/project-list.ts'
import { projectPageWithoutSlash, projectPage as simplePage } from './simple/project-page.ts'
import type { Site } from './site.ts'
import { type Call, deliver, type HttpEnv, plug, type Surface } from './surface.ts'
import { upload, uploadHelp } from './upload/upload.ts'

export type Router = Hono<HttpEnv>

interface Door {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  surface: Surface
}

const get = (path: string, surface: Surface): Door => ({ method: 'GET', path, surface })
const post = (path: string, surface: Surface): Door => ({ method: 'POST', path, surface })

const digest = ':first{[0-9a-f]{2}}/:second{[0-9a-f]{2}}/:rest{[0-9a-f]{60}}'

/** Each leads into the default index, and below `/owner/index/` into that one; below `/at/moment/` into what it was. */
function indexDoors(site: Site): Door[] {
  return [
    // Installers
    get('/simple/', projectList(site)),
    get('/simple', () => redirectReply(301, 'simple/')),
    get('/simple/:name/', simplePage(site)),
    get('/simple/:name', projectPageWithoutSlash),
    get(`/packages/${digest}/:filename`, permanentFile(site)),
    get('/packages/upstream/:upstream/:project/:filename', upstreamFile(site)),
    get('/packages/:tag/:initial/:project/:filename', predictableFile(site)),
    // Publishers
    post('/legacy/', inPresent(upload(site))),
    post('/legacy', () => redirectReply(308, 'legacy/')),
    get('/legacy/', inPresent(uploadHelp(site))),
    get('/legacy', () => redirectReply(301, 'legacy/')),
    get('/legacy/:name/:version/', inPresent(publishedRelease)),
    // Programs
    get('/pypi/:name/json', projectJson(site)),
    get('/pypi/:name/json/', projectJson(site)),
    get('/pypi/:name/:version/json', releaseJson(site)),
    get('/pypi/:name/:version/json/', releaseJson(site)),
    // People
    get('/', inPresent(landingPage(site))),
    get('/projects/', inPresent(projectsPage(site))),
    get('/projects', () => redirectReply(301, 'projects/')),
    get('/project/', inPresent(openProject)),
    get('/project/:name/', inPresent(projectPage(site))),
    get('/project/:name/:version/', inPresent(releasePage(site))),
    get('/project/:name', (call) => redirectReply(301, `./${lastSegment(call)}/`)),
    get('/project/:name/:version', (call) => redirectReply(301, `./${lastSegment(call)}/`)),
    get(missingSlash, indexWithoutSlash(site)),
  ]
}

/** Only at the root. */
function siteDoors(site: Site): Door[] {
  const all: Door[] = [
    ...apiRoutes(site),
    get('/static/:file', publicFile),
    // Machines that look after it
    get('/healthz', health(site)),
    get('/robots.txt', () => textReply(200, 'User-agent: *\nDisallow: /\n')),
  ]
  return all.map((door) => ({ ...door, surface: atRoot(door.surface) }))
}

export function createRouter(site: Site): Router {
  const app: Router = new Hono({ strict: true, getPath: (request) => placeOf(request).door })
  app.use(async (call, next) => {
    refuseBadUrl(call.req.url)
    await next()
  })
  const all = [...indexDoors(site), ...siteDoors(site)]
  for (const { method, path, surface } of all) app.on(method, path, plug(surface))
  for (const [path, methods] of methodsByPath(all)) app.all(path, plug(otherMethod(methods)))
  app.notFound((call) => failure(site, call, notFound(call)))
  app.onError((error, call) => failure(site, call, error))
  return app
}

function atRoot(surface: Surface): Surface {
  return (call) => {
    if (placeOf(call.req.raw).prefix !== '') throw notFound(call)
    return surface(call)
  }
}

/** What was cannot be changed, and has no pages for people. */
function inPresent(surface: Surface): Surface {
  return (call) => {
    if (placeOf(call.req.raw).at !== undefined) throw notFound(call)
    return surface(call)
  }
}

/** `/acme/dev`; any other path of two segments is nothing at all. */
function indexWithoutSlash({ domain }: Site): Surface {
  return async (call) => {
    const { index, at, prefix } = placeOf(call.req.raw)
    if (prefix === '') throw notFound(call)
    if (at === undefined) await requireTree(domain, index)
    return redirectReply(301, `./${lastSegment(call)}/`)
  }
}

async function failure(site: Site, call: Call, error: unknown): Promise<Response> {
  const report = (id: string, cause: unknown) =>
    site.log.error('A request failed.', {
      id,
      method: call.req.method,
      path: call.req.path,
      error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    })
  const accept = call.req.header('accept')
  const fallback = call.req.path.startsWith('/api/') ? 'application/problem+json' : 'text/plain'
  const reply = errorReply(error, {
    accept,
    fallback,
    report,
    renderPage: (fault) => errorPage(fault, new URL(call.req.url).pathname),
  })
  if (call.env.outgoing?.headersSent) return RESPONSE_ALREADY_SENT
  return deliver(call, reply)
}

/** RFC 9110, 15.5.6: a wrong method is told which are right; OPTIONS asks just that. */
function otherMethod(methods: ReadonlySet<string>): Surface {
  const allow = [...methods].join(', ')
  return (call) => {
    if (call.req.method === 'OPTIONS') return { status: 204, headers: { allow } }
    const { method, path } = call.req
    const hint = path === '/' || path.startsWith('/simple') ? ' Uploads go to /legacy/.' : ''
    throw new HttpError(
      405,
      'method-not-allowed',
      `${method} is not possible at ${path.slice(0, 100)}; it takes ${allow}.${hint}`,
      { allow },
    )
  }
}

function methodsByPath(all: readonly Door[]): Map<string, Set<string>> {
  const methods = new Map<string, Set<string>>()
  for (const { method, path } of all) {
    const known = methods.get(path) ?? new Set()
    methods.set(path, known.add(method))
    if (method === 'GET') known.add('HEAD')
  }
  return methods
}

function notFound(call: Call): HttpError {
  return new HttpError(
    404,
    'not-found',
    `There is nothing at ${new URL(call.req.url).pathname.slice(0, 200)}. The index for installers is at /simple/, and uploads go to /legacy/.`,
  )
}

function refuseBadUrl(url: string): void {
  if (!url.includes('%')) return
  if (url.includes('%00')) {
    // PostgreSQL has no text with a NUL, so nothing here can be named by one.
    throw new HttpError(400, 'url-malformed', 'The URL has a NUL (%00), which no name here has.')
  }
  try {
    decodeURIComponent(new URL(url).pathname)
  } catch {
    throw new HttpError(400, 'path-malformed', 'The path of the URL is not percent-encoded UTF-8.')
  }
}

/** Follows "./" in a location: a segment alone, such as https:elsewhere.example, may lead out of the index. */
function lastSegment(call: Call): string {
  const { pathname } = new URL(call.req.url)
  return pathname.slice(pathname.lastIndexOf('/') + 1)
}
