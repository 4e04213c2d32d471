/** How the clients are told of an index. */
import type { FC } from 'hono/jsx'
import { clientSnippets, type Snippet } from '../../../config/client-snippets.ts'

export const Snippets: FC<{ baseUrl: string }> = ({ baseUrl }) => (
  <>
    {clientSnippets(baseUrl).map((snippet) => (
      <SnippetRow snippet={snippet} />
    ))}
  </>
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
  pip: 'Installs, and so does cheese, which reads the same file. The terminal line works without it too.',
  uv: 'Installs and publishes.',
  twine: 'Publishes what any build tool made.',
}
