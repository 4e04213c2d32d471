/** What people see when something is not there, not allowed or broken. */
import { STATUS_CODES } from 'node:http'
import type { Failure } from '../../../http/errors.ts'
import { Layout, renderPage } from '../../ui/layout.tsx'
import { rootFrom } from '../../urls.ts'

export function errorPage({ status, problems }: Failure, path: string): string {
  const title = status === 404 ? 'Not found' : (STATUS_CODES[status] ?? 'Error')
  const root = rootFrom(path)
  return renderPage(
    <Layout title={`${title} - Cheeseshop`} root={root}>
      <section class="message">
        <p class="status">{status}</p>
        <h1>{title}</h1>
        {problems.map((problem) => (
          <p>{problem.message}</p>
        ))}
        <p>
          <a href={root}>Go to the start page</a>
        </p>
      </section>
    </Layout>,
  )
}
