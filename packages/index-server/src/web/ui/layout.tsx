/** The frame of every page, and how a page becomes a reply. */
import type { Child, FC } from 'hono/jsx'
import { pageHeaders } from '../../http/errors.ts'
import type { Reply } from '../../http/reply.ts'
import { publicUrl } from '../public-files.ts'

export interface LayoutProps {
  title: string
  /** How to get from here to the top: `../../`. */
  root: string
  description?: string
  /** The style sheet of this kind of page, beside the common one. */
  style?: string
  children?: Child
}

export const Layout: FC<LayoutProps> = ({ title, root, description, style, children }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      {description && <meta name="description" content={description} />}
      <link rel="icon" href={root + publicUrl('icon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={root + publicUrl('style.css')} />
      {style && <link rel="stylesheet" href={root + publicUrl(style)} />}
    </head>
    <body>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="site-header">
        <div class="wide">
          <a class="brand" href={root}>
            <img src={root + publicUrl('icon.svg')} alt="" width="28" height="28" />
            <span>Cheeseshop</span>
          </a>
          <OpenProject root={root} />
        </div>
      </header>
      <main id="content" class="wide">
        {children}
      </main>
      <footer class="site-footer">
        <div class="wide">
          <p>
            Served by Cheeseshop, the Python package index anyone can run. For programs:{' '}
            <a href={`${root}simple/`}>simple index</a>,{' '}
            <a href={`${root}api/v1/openapi.json`}>API description</a>.
          </p>
        </div>
      </footer>
    </body>
  </html>
)

const OpenProject: FC<{ root: string }> = ({ root }) => (
  <form class="open-project" action={`${root}project/`} method="get">
    <label for="open-project" class="unseen">
      Name of a project
    </label>
    <input
      id="open-project"
      name="name"
      type="text"
      required
      autocomplete="off"
      spellcheck={false}
      placeholder="Project name"
    />
    <button type="submit">Open</button>
  </form>
)

export function renderPage(page: Child): string {
  return `<!doctype html>\n${page}`
}

export function pageReply(page: Child, status = 200): Reply {
  const headers = { ...pageHeaders, 'cache-control': 'no-cache' }
  return { status, headers, body: renderPage(page) }
}
