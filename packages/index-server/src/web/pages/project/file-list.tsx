/** The files of a release with all that is needed to choose and to check one. */
import type { FC } from 'hono/jsx'
import { filePath, type ReleaseFile } from '../../../domain/catalog/project-files.ts'
import { formatBytes, formatDate } from '../../ui/format.ts'
import { describeWheel } from './describe-wheel.ts'
import type { ProjectView } from './view.ts'

export const FileList: FC<{ view: ProjectView }> = ({ view: { root, files } }) => (
  <section aria-labelledby="files">
    <h2 id="files">
      Files <span class="quiet">{files.length}</span>
    </h2>
    {files.length === 0 ? (
      <p class="note">There are no files to show.</p>
    ) : (
      <ul class="files">
        {files.map((file) => (
          <FileItem file={file} root={root} />
        ))}
      </ul>
    )}
  </section>
)

const FileItem: FC<{ file: ReleaseFile; root: string }> = ({ file, root }) => (
  <li>
    <div class="file-line">
      <a class="filename" href={root + filePath(file).slice(1)}>
        {file.filename}
      </a>
      {file.isYanked && <span class="badge warning">yanked</span>}
    </div>
    <p class="quiet">
      {file.kind === 'sdist' ? 'Source distribution' : describeWheel(file.filename)} ·{' '}
      {formatBytes(file.size)} ·{' '}
      <time datetime={file.uploadedAt}>{formatDate(file.uploadedAt)}</time>
      {file.requiresPython && ` · Python ${file.requiresPython}`}
    </p>
    {file.isYanked && file.yankedReason && <p class="quiet">Yanked: {file.yankedReason}</p>}
    <details>
      <summary>
        Hashes<span class="unseen"> of {file.filename}</span>
      </summary>
      <dl class="hashes">
        <dt>SHA-256</dt>
        <dd>{file.sha256}</dd>
        <dt>BLAKE2b-256</dt>
        <dd>{file.blake2b256}</dd>
        <dt>MD5</dt>
        <dd>{file.md5}</dd>
      </dl>
    </details>
  </li>
)
