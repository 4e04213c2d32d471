/** The page of an index other than the default one: what it reads, who may use it, and how. */
import type { FC } from 'hono/jsx'
import { type DescribedIndex, describeIndex } from '../../../domain/indexes/indexes.ts'
import { openIndex } from '../../../http/open-index.ts'
import type { Reply } from '../../../http/reply.ts'
import type { Site } from '../../../http/site.ts'
import type { Call } from '../../../http/surface.ts'
import { Layout, pageReply } from '../../ui/layout.tsx'
import { siteRoot } from '../../urls.ts'
import { Snippets } from './snippets.tsx'

export async function indexPage(site: Site, call: Call): Promise<Reply> {
  const { tree, place } = await openIndex(site, call)
  const index = await describeIndex(site.domain, tree)
  const baseUrl = site.addresses.baseUrl(call.req.url, call.env.incoming) + place.prefix
  return pageReply(
    <Layout title={`${index.path} - Cheeseshop`} root={siteRoot(call)} home="./">
      <section class="hero">
        <h1>{index.path}</h1>
        <p class="lead">
          {index.readers === 'everyone' ? 'Everyone reads it' : 'Its members read it'};{' '}
          {index.uploaders === 'everyone' ? 'everyone with a token' : 'its members'} may upload.
        </p>
        <p>
          <a href="./projects/">All projects</a>
        </p>
      </section>
      <Facts index={index} />
      <section aria-labelledby="use">
        <h2 id="use">Use it</h2>
        <Snippets baseUrl={baseUrl} />
      </section>
    </Layout>,
    { isOpen: tree.isOpen },
  )
}

/** Uploads have no name of their own. */
export function sourceText(source: string): string {
  return source === 'hosted' ? 'its own uploads' : source
}

const Facts: FC<{ index: DescribedIndex }> = ({ index: { sources, claims } }) => (
  <section aria-labelledby="sources">
    <h2 id="sources">Sources, in order</h2>
    <ol>
      {sources.map((source) => (
        <li>{sourceText(source)}</li>
      ))}
    </ol>
    <p class="note">
      A name that was uploaded to one of them never shows files of an upstream
      {claims.length > 0 && (
        <>
          , nor does any of <code>{claims.join(', ')}</code>
        </>
      )}
      .
    </p>
  </section>
)
