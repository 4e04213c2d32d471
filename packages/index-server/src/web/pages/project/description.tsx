/** The long description, as the plain text it was written in. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import type { FC } from 'hono/jsx'

/** A browser lays out no more than this in one go without stumbling. */
const longestShown = 500_000

export const Description: FC<{ metadata: CoreMetadata | undefined }> = ({ metadata }) => {
  const text = metadata?.description?.trim() ?? ''
  return (
    <section aria-labelledby="description">
      <h2 id="description">Description</h2>
      {text === '' ? (
        <p class="note">This release has no description.</p>
      ) : (
        <div class="description">{text.slice(0, longestShown)}</div>
      )}
      {text.length > longestShown && <p class="note">The rest of the description is not shown.</p>}
    </section>
  )
}
