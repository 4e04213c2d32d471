/** A client for package indexes: finds projects, reads metadata, downloads files. */
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import { CacheEntries } from './cache/cache-entries.ts'
import { type CacheHead, HttpCache } from './cache/http-cache.ts'
import { type ClientOptions, defaultLimits } from './client-options.ts'
import { Credentials } from './credentials/credentials.ts'
import { type Downloaded, downloadFile, type OnProgress } from './files/download.ts'
import { type DownloadSink, openFileSink } from './files/download-sink.ts'
import { copyLocalFile, isLocal } from './files/local-file.ts'
import { MetadataReader } from './files/metadata.ts'
import { FindLinks } from './indexes/find-links.ts'
import { type FoundProject, Projects } from './indexes/projects.ts'
import { SimpleIndex } from './indexes/simple-index.ts'
import { redactUrl } from './redact-url.ts'
import { Transport } from './transport/transport.ts'
import type { UploadFile, UploadForm } from './upload/multipart.ts'
import { fetchAudience, type MintedToken, mintToken } from './upload/trusted-publishing.ts'
import { type Uploaded, type UploadTarget, uploadFile } from './upload/upload.ts'

export interface Client extends Disposable {
  /**
   * What the indexes know about a project, undefined when none has it. `indexName` asks only the index of that name.
   * Answers are remembered for the life of the client.
   */
  project(name: NormalizedName, indexName?: string): Promise<FoundProject | undefined>
  /** The core metadata of a wheel; of an sdist where the index serves it and it is static, else undefined. */
  metadata(file: ProjectFile): Promise<Uint8Array | undefined>
  /**
   * Downloads a file to a path, or chunk by chunk to a sink. A path only comes to be when size and digests are right;
   * a sink must forget what it got when the promise rejects.
   */
  download(
    file: ProjectFile,
    target: string | DownloadSink,
    onProgress?: OnProgress,
  ): Promise<Downloaded>
  /** Uploads a file by the legacy API. Throws UploadRefused with everything the index says. */
  upload(
    target: UploadTarget,
    form: UploadForm,
    file: UploadFile,
    onProgress?: (sent: number, total: number) => void,
  ): Promise<Uploaded>
  /** Trusted publishing: the audience that the index at this upload URL wants in identity tokens. */
  audience(uploadUrl: string): Promise<string>
  /** Trusted publishing: exchanges an identity token for an API token. */
  mintToken(uploadUrl: string, identityToken: string): Promise<MintedToken>
  /** Closes the connections that are kept open. */
  close(): void
}

/** Nothing is read or asked before the first call. Throws ClientError `bad-url` for an index URL that is none. */
export function openClient(options: ClientOptions): Client {
  const { onEvent, isOffline = false, indexes: indexOptions = [] } = options
  const limits = { ...defaultLimits, ...options.limits }
  const transport = new Transport({
    network: options.network ?? {},
    credentials: new Credentials(options.credentials, indexOptions),
    isOffline,
    onEvent,
    signal: options.signal,
  })
  const folder = options.cache?.folder
  const pages = folder === undefined ? undefined : new CacheEntries<CacheHead>(folder, 'http')
  const entries = folder === undefined ? undefined : new CacheEntries<object>(folder, 'metadata')
  const cache = new HttpCache({ transport, entries: pages, isOffline })
  const refresh = options.cache?.refresh
  const projects = new Projects({
    indexes: indexOptions.map(
      (index) => new SimpleIndex({ index, cache, pageLimit: limits.page, refresh }),
    ),
    links: new FindLinks(options.findLinks ?? [], cache, limits.page),
    strategy: options.strategy ?? 'first-index',
  })
  const { uploadTimeoutMs = 15 * 60_000 } = options.network ?? {}
  const metadata = new MetadataReader({ transport, cache, entries, limits })
  return {
    project: (name, indexName) => projects.find(name, indexName),
    metadata: (file) => metadata.read(file),
    download: (file, target, onProgress) =>
      download(file, target, { transport, limit: limits.file, onProgress }),
    upload: (target, form, file, onProgress) =>
      uploadFile(target, form, file, { transport, timeoutMs: uploadTimeoutMs, onProgress }),
    audience: (uploadUrl) => fetchAudience(transport, uploadUrl),
    mintToken: (uploadUrl, identityToken) => mintToken(transport, uploadUrl, identityToken),
    close: () => transport.close(),
    [Symbol.dispose]: () => transport.close(),
  }
}

interface Downloading {
  readonly transport: Transport
  readonly limit: number
  readonly onProgress: OnProgress | undefined
}

async function download(
  file: ProjectFile,
  target: string | DownloadSink,
  options: Downloading,
): Promise<Downloaded> {
  const { transport } = options
  const { filename } = file
  const url = redactUrl(file.url)
  const onProgress: OnProgress = (received, total) => {
    options.onProgress?.(received, total)
    const event = { type: 'download', url, filename, received } as const
    transport.emit(total === undefined ? event : { ...event, total })
  }
  const fetch = (sink: DownloadSink) =>
    isLocal(file.url)
      ? copyLocalFile(file, sink, onProgress)
      : downloadFile(file, sink, { ...options, onProgress })
  if (typeof target !== 'string') return fetch(target)
  const sink = openFileSink(target)
  try {
    const downloaded = await fetch(sink)
    sink.commit()
    return downloaded
  } finally {
    sink.discard()
  }
}
