/** The frame of every page, and how a page becomes a reply. */
import type { Child, FC } from 'hono/jsx'
import { pageHeaders } from '../../http/errors.ts'
import type { Reply } from '../../http/reply.ts'
import { publicUrl } from '../public-files.ts'

export interface LayoutProps {
  title: string
  /** How to get from here to the top of the server: `../../`. */
  root: string
  /** To the top of the index the page belongs to, when that is another place. */
  home?: string
  description?: string
  /** The style sheet of this kind of page, beside the common one. */
  style?: string
  children?: Child
}

export const Layout: FC<LayoutProps> = ({ title, root, home = root, ...props }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      {props.description && <meta name="description" content={props.description} />}
      <link rel="icon" href={root + publicUrl('icon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={root + publicUrl('style.css')} />
      {props.style && <link rel="stylesheet" href={root + publicUrl(props.style)} />}
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
          <OpenProject home={home} />
        </div>
      </header>
      <main id="content" class="wide">
        {props.children}
      </main>
      <footer class="site-footer">
        <div class="wide">
          <p>
            Served by Cheeseshop, the Python package index anyone can run. For programs:{' '}
            <a href={`${home}simple/`}>simple index</a>,{' '}
            <a href={`${root}api/v1/openapi.json`}>API description</a>.
          </p>
        </div>
      </footer>
    </body>
  </html>
)

const OpenProject: FC<{ home: string }> = ({ home }) => (
  <form class="open-project" action={`${home}project/`} method="get">
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

/** `isOpen`: whether everyone may see it, so that it may be kept for everyone. */
export function pageReply(page: Child, { isOpen }: { isOpen: boolean }): Reply {
  const cacheControl = isOpen ? 'no-cache' : 'private, no-cache'
  const headers = { ...pageHeaders, 'cache-control': cacheControl }
  return { status: 200, headers, body: renderPage(page) }
}
