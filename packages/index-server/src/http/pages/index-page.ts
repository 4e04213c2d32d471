/** Answers with a page of a project in an index: kept where it was made before, and cached by clients as far as it may be. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { type IndexProject, readIndexProject } from '../../domain/indexes/index-project.ts'
import { readNameState } from '../../domain/indexes/name-state.ts'
import type { OpenIndex } from '../open-index.ts'
import type { Reply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call } from '../surface.ts'
import type { PageContent } from './page.ts'
import { pageCacheControl, pageReply } from './page-reply.ts'

export interface WantedPage {
  readonly opened: OpenIndex
  readonly name: NormalizedName
  /** Tells the page from others of the same project. */
  readonly form: string
  /** It tells of the files alone: nothing that is found out or done later belongs to it. */
  readonly isOfFiles?: boolean
  /** Undefined when the project has no such page. */
  render(project: IndexProject): Promise<RenderedPage | undefined>
}

export interface RenderedPage {
  readonly contentType: string
  readonly body: string
}

/** Undefined when there is no such page. */
export async function indexPageReply(
  site: Site,
  call: Call,
  wanted: WantedPage,
): Promise<Reply | undefined> {
  const { opened, name } = wanted
  const { tree } = opened
  const cached = await site.pages.get({
    key: `${opened.place.prefix} ${wanted.form} ${name}`,
    stateKey: async () => (await readNameState(site.domain, tree, name)).key,
    render: () => render(site, wanted),
  })
  if (cached === undefined) return undefined
  const reply = await pageReply(cached.page, {
    acceptEncoding: call.req.header('accept-encoding'),
    ifNoneMatch: call.req.header('if-none-match'),
    cacheControl: cacheControl(site, opened, wanted.isOfFiles),
  })
  if (!tree.isOpen) return { ...reply, headers: { ...reply.headers, vary: varyOf(opened) } }
  if (call.env.incoming) site.hotPages.remember(call.env.incoming, cached, reply)
  return reply
}

export function varyOf({ tree }: OpenIndex): string {
  return tree.isOpen ? 'Accept, Accept-Encoding' : 'Accept, Accept-Encoding, Authorization'
}

const year = 31_536_000

async function render({ domain }: Site, wanted: WantedPage): Promise<PageContent | undefined> {
  const { opened, name } = wanted
  const project = await readIndexProject(domain, opened.tree, name, { at: opened.at })
  const rendered = project && (await wanted.render(project))
  if (project === undefined || rendered === undefined) return undefined
  return {
    ...rendered,
    serial: project.lastSerial,
    stateKey: project.stateKey,
    ...(project.validUntil !== undefined && { validUntil: project.validUntil }),
    headers: {
      'x-cheeseshop-origin': project.origin.origin,
      ...(project.isStale && { 'x-cheeseshop-stale': 'upstream' }),
    },
  }
}

/**
 * Immutable is only what nothing can change any more: a serial that has passed, of uploads alone. What upstreams say of
 * the past changes, what protects names of today keeps their files out of it, and imports add to times gone by.
 */
export function cacheControl(site: Site, { tree, at }: OpenIndex, isOfFiles = false): string {
  const isSettled = isOfFiles && at?.isPast === true && !at.isOfTime && tree.upstreams.length === 0
  const audience = tree.isOpen ? 'public' : 'private'
  if (isSettled) return `${audience}, max-age=${year}, immutable`
  return tree.isOpen ? pageCacheControl(site.config.pageMaxAge) : 'private, no-cache'
}
