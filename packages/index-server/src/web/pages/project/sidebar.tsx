/** What a release says of itself, in short: links, licence, people, requirements, classifiers. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import type { Child, FC } from 'hono/jsx'
import type { OriginDecision } from '../../../domain/indexes/name-origin.ts'
import { safeUrl } from '../../urls.ts'
import type { ProjectView } from './view.ts'

export const Sidebar: FC<{ view: ProjectView }> = ({ view: { project, metadata, roles } }) => (
  <aside class="sidebar" aria-label="About this release">
    <Origin origin={project.origin} />
    {metadata && <Links metadata={metadata} />}
    {metadata && <About metadata={metadata} />}
    {roles.length > 0 && (
      <Block title="Maintained here by">
        <ul>
          {roles.map(({ username, role }) => (
            <li>
              {username} <span class="quiet">{role}</span>
            </li>
          ))}
        </ul>
      </Block>
    )}
    {metadata && metadata.requiresDist.length > 0 && (
      <FoldedList title="Requirements" items={metadata.requiresDist} />
    )}
    {metadata && metadata.classifiers.length > 0 && (
      <FoldedList title="Classifiers" items={metadata.classifiers} />
    )}
  </aside>
)

const originTitles: Readonly<Record<OriginDecision['origin'], string>> = {
  hosted: 'Hosted here',
  upstream: 'From upstream',
  both: 'Hosted here and from upstream',
  unclaimed: 'Unclaimed',
}

const Origin: FC<{ origin: OriginDecision }> = ({ origin: { origin, reason } }) => (
  <Block title="Origin">
    <p>
      <span class="badge">{originTitles[origin]}</span>
    </p>
    <p class="quiet">{reason}</p>
  </Block>
)

const Links: FC<{ metadata: CoreMetadata }> = ({ metadata }) => {
  const links = [
    { label: 'Homepage', url: metadata.homePage },
    { label: 'Download', url: metadata.downloadUrl },
    ...metadata.projectUrls,
  ]
  const safe = links.flatMap(({ label, url }) => {
    const href = url && safeUrl(url)
    return href ? [{ label, href }] : []
  })
  if (safe.length === 0) return null
  return (
    <Block title="Links">
      <ul>
        {safe.map(({ label, href }) => (
          <li>
            <a href={href} rel="nofollow noopener">
              {label}
            </a>
          </li>
        ))}
      </ul>
    </Block>
  )
}

const About: FC<{ metadata: CoreMetadata }> = ({ metadata }) => {
  const facts: [string, string | undefined][] = [
    ['Python', metadata.requiresPython],
    ['License', metadata.licenseExpression ?? metadata.license?.split('\n')[0]],
    ['Author', person(metadata.author, metadata.authorEmail)],
    ['Maintainer', person(metadata.maintainer, metadata.maintainerEmail)],
    ['Keywords', metadata.keywords.join(', ')],
    ['Extras', metadata.providesExtra.join(', ')],
  ]
  const known = facts.filter(([, value]) => value)
  if (known.length === 0) return null
  return (
    <Block title="About">
      <dl>
        {known.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </Block>
  )
}

function person(name: string | undefined, email: string | undefined): string | undefined {
  return [name, email].filter((part) => part).join(', ') || undefined
}

const Block: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <section>
    <h2>{title}</h2>
    {children}
  </section>
)

/** Long lists are folded, so that what comes after them is not lost. */
const FoldedList: FC<{ title: string; items: readonly string[] }> = ({ title, items }) => {
  const list = (
    <ul class="lines">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  )
  return (
    <Block title={title}>
      {items.length <= 8 ? (
        list
      ) : (
        <details>
          <summary>Show all {items.length}</summary>
          {list}
        </details>
      )}
    </Block>
  )
}
