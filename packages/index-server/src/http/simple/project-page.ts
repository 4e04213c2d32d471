/** `/simple/NAME/`: the files of one project, as every installer reads them. */
import {
  isNormalizedName,
  isValidName,
  type NormalizedName,
  negotiateSimple,
  normalizeName,
  type SimpleFormat,
  simpleContentTypes,
} from '@cheeseshop/packaging'
import { readProjectFiles } from '../../domain/catalog/project-files.ts'
import { HttpError } from '../http-error.ts'
import { pageReply } from '../pages/page-reply.ts'
import { redirectReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { renderDetail } from './render-detail.ts'

export function projectPage(site: Site): Surface {
  return async (call) => {
    const name = call.req.param('name') ?? ''
    if (!isNormalizedName(name)) return redirectReply(301, `../${normalize(name)}/${query(call)}`)
    const format = readFormat(call)
    const cached = await site.pages.get({
      key: `simple ${format} ${name}`,
      project: name,
      render: async () => {
        const project = await readProjectFiles(site.domain, name)
        return project && renderDetail(project, format)
      },
    })
    if (cached === undefined) throw projectNotFound(name)
    const reply = await pageReply(cached.page, {
      acceptEncoding: call.req.header('accept-encoding'),
      ifNoneMatch: call.req.header('if-none-match'),
      maxAge: site.config.pageMaxAge,
    })
    if (call.env.incoming) site.hotPages.remember(call.env.incoming, cached, reply)
    return reply
  }
}

/** `/simple/Some_Name` without its slash. */
export const projectPageWithoutSlash: Surface = (call) =>
  redirectReply(301, `${normalize(call.req.param('name') ?? '')}/${query(call)}`)

export function readFormat(call: Call): SimpleFormat {
  const format = negotiateSimple(call.req.header('accept'), call.req.query('format'))
  if (format !== undefined) return format
  const types = Object.values(simpleContentTypes).join(', ')
  throw new HttpError(
    406,
    'not-acceptable',
    `This page cannot be had in a form the client accepts. Its forms are ${types}; ask for one of them with Accept or ?format=.`,
    { vary: 'Accept' },
  )
}

export function projectNotFound(name: string): HttpError {
  return new HttpError(
    404,
    'not-found',
    `There is no project ${JSON.stringify(name.slice(0, 100))} in this index.`,
  )
}

function normalize(name: string): NormalizedName {
  if (!isValidName(name)) throw projectNotFound(name)
  return normalizeName(name)
}

function query(call: Call): string {
  return new URL(call.req.url).search
}
