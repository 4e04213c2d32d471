/** `/simple/NAME/`: the files of one project, as every installer reads them. */
import {
  isNormalizedName,
  isValidName,
  type NormalizedName,
  negotiateProjectPage,
  normalizeName,
  simpleContentTypes,
} from '@cheeseshop/packaging'
import { HttpError } from '../http-error.ts'
import { projectNotFound } from '../not-here.ts'
import { openIndex } from '../open-index.ts'
import { indexPageReply } from '../pages/index-page.ts'
import { redirectReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { renderDetail } from './render-detail.ts'
import { renderResolverPage, resolverForm } from './resolver-page.ts'

export function projectPage(site: Site): Surface {
  const { domain } = site
  return async (call) => {
    const name = call.req.param('name') ?? ''
    if (!isNormalizedName(name)) return redirectReply(301, `../${normalize(name)}/${query(call)}`)
    const opened = await openIndex(site, call)
    const format = readFormat(call, negotiateProjectPage)
    const isResolver = format === 'resolver'
    const reply = await indexPageReply(site, call, {
      opened,
      name,
      form: isResolver ? await resolverForm(domain, opened.tree, name) : `simple ${format}`,
      // Twins and metadata of upstreams come and go.
      isOfFiles: !isResolver,
      render: async (project) =>
        isResolver
          ? renderResolverPage(domain, opened.tree, project)
          : renderDetail(project, format),
    })
    if (reply === undefined) throw projectNotFound(name, { domain, tree: opened.tree })
    return reply
  }
}

/** `/simple/Some_Name` without its slash. */
export const projectPageWithoutSlash: Surface = (call) =>
  redirectReply(301, `${normalize(call.req.param('name') ?? '')}/${query(call)}`)

/** `choose` knows which forms the page has. */
export function readFormat<Format>(
  call: Call,
  choose: (accept: string | undefined, format: string | undefined) => Format | undefined,
): Format {
  const format = choose(call.req.header('accept'), call.req.query('format'))
  if (format !== undefined) return format
  const types = Object.values(simpleContentTypes).join(', ')
  throw new HttpError(
    406,
    'not-acceptable',
    `This page cannot be had in a form the client accepts. Its forms are ${types}; ask for one of them with Accept or ?format=.`,
    { vary: 'Accept' },
  )
}

function normalize(name: string): NormalizedName {
  if (!isValidName(name)) throw projectNotFound(name)
  return normalizeName(name)
}

function query(call: Call): string {
  return new URL(call.req.url).search
}
