/** The front page: what this is, how to use it, and how much there is. */
import type { FC } from 'hono/jsx'
import { readTotals } from '../../../domain/activity/totals.ts'
import { type DescribedIndex, listIndexes } from '../../../domain/indexes/indexes.ts'
import { formatBytes, formatCount } from '../../../format.ts'
import { openIndex } from '../../../http/open-index.ts'
import type { Site } from '../../../http/site.ts'
import type { Surface } from '../../../http/surface.ts'
import { Layout, pageReply } from '../../ui/layout.tsx'
import { indexPage, sourceText } from '../index/page.tsx'
import { Snippets } from '../index/snippets.tsx'

/** Of the default index; the others have a page of their own. */
export function landingPage(site: Site): Surface {
  const { domain, addresses } = site
  return async (call) => {
    const { tree } = await openIndex(site, call)
    if (tree.index.path !== '') return indexPage(site, call)
    const indexes = (await listIndexes(domain)).filter(isPublic)
    // A count of what somebody may not read would tell of it.
    const shown = new Set([...tree.indexes, ...indexes].map(({ id }) => id))
    const totals = await readTotals(domain, shown)
    const baseUrl = addresses.baseUrl(call.req.url, call.env.incoming)
    const host = new URL(baseUrl).host
    return pageReply(
      <Layout title="Cheeseshop - a Python package index" root="./">
        <section class="hero">
          <h1>A Python package index</h1>
          <p class="lead">
            Install from <strong>{host}</strong> with pip, uv or any other tool, and publish to it
            with the tools you have.
          </p>
          <dl class="counts">
            <Count what="projects" count={formatCount(totals.projects)} />
            <Count what="releases" count={formatCount(totals.releases)} />
            <Count what="files" count={formatCount(totals.files)} />
            <Count what="stored" count={formatBytes(totals.bytes)} />
          </dl>
          <p>
            <span class="quiet">
              Uploads of the indexes on this page, whatever comes from upstreams aside.
            </span>{' '}
            <a href="./projects/">All projects</a>
          </p>
        </section>
        {indexes.length > 0 && <Indexes indexes={indexes} />}
        <section aria-labelledby="use">
          <h2 id="use">Use it</h2>
          <Snippets baseUrl={baseUrl} />
          <p class="note">
            To publish you need a token. Whoever looks after this index makes one with{' '}
            <code>cheeseshop token create --name NAME</code>; put it where these lines say{' '}
            <code>TOKEN</code>.
          </p>
        </section>
      </Layout>,
      { isOpen: tree.isOpen },
    )
  }
}

/** Of the others not even the name is told. */
const isPublic = ({ path, isOpen }: DescribedIndex) => path !== '' && isOpen

const Indexes: FC<{ indexes: readonly DescribedIndex[] }> = ({ indexes }) => (
  <section aria-labelledby="indexes">
    <h2 id="indexes">Other indexes here</h2>
    <ul>
      {indexes.map(({ path, sources }) => (
        <li>
          <a href={`./${path}/`}>{path}</a>{' '}
          <span class="quiet">reads {sources.map(sourceText).join(', ')}</span>
        </li>
      ))}
    </ul>
  </section>
)

const Count: FC<{ what: string; count: string }> = ({ what, count }) => (
  <div>
    <dt>{what}</dt>
    <dd>{count}</dd>
  </div>
)
