/** The front page: what this is, how to use it, and how much there is. */
import type { FC } from 'hono/jsx'
import { clientSnippets, type Snippet } from '../../../config/client-snippets.ts'
import { readTotals } from '../../../domain/activity/totals.ts'
import type { Site } from '../../../http/site.ts'
import type { Surface } from '../../../http/surface.ts'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Layout, pageReply } from '../../ui/layout.tsx'

export function landingPage({ domain, addresses }: Site): Surface {
  return async (call) => {
    const totals = await readTotals(domain)
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
        </section>
        <section aria-labelledby="use">
          <h2 id="use">Use it</h2>
          {clientSnippets(baseUrl).map((snippet) => (
            <SnippetRow snippet={snippet} />
          ))}
          <p class="note">
            To publish you need a token. Whoever looks after this index makes one with{' '}
            <code>cheeseshop token create --name NAME</code>; put it where these lines say{' '}
            <code>TOKEN</code>.
          </p>
        </section>
      </Layout>,
    )
  }
}

const Count: FC<{ what: string; count: string }> = ({ what, count }) => (
  <div>
    <dt>{what}</dt>
    <dd>{count}</dd>
  </div>
)

const SnippetRow: FC<{ snippet: Snippet }> = ({ snippet }) => (
  <article class="snippet">
    <div>
      <h3>{snippet.client}</h3>
      <p class="quiet">{purposes[snippet.client]}</p>
    </div>
    <div>
      <p class="quiet">
        In <code>{snippet.file}</code>
      </p>
      <pre tabindex={0}>
        <code>{snippet.text.trimEnd()}</code>
      </pre>
      <p class="quiet">Then, in a terminal</p>
      <pre tabindex={0}>
        <code>{snippet.command}</code>
      </pre>
    </div>
  </article>
)

const purposes: Readonly<Record<Snippet['client'], string>> = {
  pip: 'Installs. The terminal line works without the file too.',
  uv: 'Installs and publishes.',
  twine: 'Publishes what any build tool made.',
}
