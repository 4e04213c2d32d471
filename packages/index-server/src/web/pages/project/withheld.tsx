/** Why something cannot be seen here: the files that sources have and the index does not show. */
import type { FC } from 'hono/jsx'
import type { ExplainedFile } from '../../../domain/policy/explain-project.ts'
import { formatDate } from '../../../format.ts'
import type { ProjectView } from './view.ts'

const most = 50

export const Withheld: FC<{ view: ProjectView }> = ({ view: { withheld } }) => {
  if (withheld.length === 0) return null
  const more = withheld.length - most
  return (
    <section aria-labelledby="not-shown">
      <h2 id="not-shown">
        Not shown <span class="quiet">{withheld.length}</span>
      </h2>
      <p class="quiet">Sources of this index have these files too, and it does not show them.</p>
      <ul class="files">
        {withheld.slice(0, most).map((file) => (
          <WithheldFile file={file} />
        ))}
      </ul>
      {more > 0 && <p class="note">And {more} more, which the API explains.</p>}
    </section>
  )
}

const WithheldFile: FC<{ file: ExplainedFile }> = ({ file }) => (
  <li>
    <div class="file-line">
      <span class="filename">{file.filename}</span>
      <span class="badge warning">{file.rule}</span>
    </div>
    <p class="quiet">
      {file.source.replace(/^The /, 'From the ')}
      {file.until && (
        <>
          {' · shown from '}
          <time datetime={file.until}>{formatDate(file.until)}</time>
        </>
      )}
    </p>
    <p class="quiet">{file.reason}</p>
  </li>
)
