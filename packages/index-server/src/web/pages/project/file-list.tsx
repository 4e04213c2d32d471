/** The files of a release with all that is needed to choose and to check one. */
import type { FC } from 'hono/jsx'
import { sourceName } from '../../../domain/indexes/files-of-sources.ts'
import type { IndexFile } from '../../../domain/indexes/index-project.ts'
import { formatBytes, formatDate } from '../../../format.ts'
import { describeWheel } from './describe-wheel.ts'
import type { ProjectView } from './view.ts'

export const FileList: FC<{ view: ProjectView }> = ({ view: { root, index, files } }) => (
  <section aria-labelledby="files">
    <h2 id="files">
      Files <span class="quiet">{files.length}</span>
    </h2>
    {files.length === 0 ? (
      <p class="note">There are no files to show.</p>
    ) : (
      <ul class="files">
        {files.map((file) => (
          <FileItem file={file} root={root} isOwn={isOwn(file, index)} />
        ))}
      </ul>
    )}
  </section>
)

function isOwn({ source }: IndexFile, index: ProjectView['index']): boolean {
  return source.kind === 'hosted' && source.index.id === index.id
}

interface FileItemProps {
  file: IndexFile
  root: string
  /** Uploaded to the index that shows it. */
  isOwn: boolean
}

const digests = [
  ['SHA-256', 'sha256'],
  ['BLAKE2b-256', 'blake2b_256'],
  ['MD5', 'md5'],
] as const

const FileItem: FC<FileItemProps> = ({ file, root, isOwn }) => (
  <li>
    <div class="file-line">
      <a class="filename" href={root + file.path.slice(1)}>
        {file.filename}
      </a>
      {file.isYanked && <span class="badge warning">yanked</span>}
    </div>
    <p class="quiet">
      {file.kind === 'sdist' ? 'Source distribution' : describeWheel(file.filename)}
      {file.size !== undefined && ` · ${formatBytes(file.size)}`}
      {file.uploadedAt && (
        <>
          {' · '}
          <time datetime={file.uploadedAt}>{formatDate(file.uploadedAt)}</time>
        </>
      )}
      {file.requiresPython && ` · Python ${file.requiresPython}`}
      {!isOwn && ` · from ${sourceName(file.source).replace(/^The /, 'the ')}`}
    </p>
    {file.isYanked && file.yankedReason && <p class="quiet">Yanked: {file.yankedReason}</p>}
    <details>
      <summary>
        Hashes<span class="unseen"> of {file.filename}</span>
      </summary>
      <dl class="hashes">
        {digests.map(
          ([label, name]) =>
            file.hashes[name] && (
              <>
                <dt>{label}</dt>
                <dd>{file.hashes[name]}</dd>
              </>
            ),
        )}
      </dl>
    </details>
  </li>
)
