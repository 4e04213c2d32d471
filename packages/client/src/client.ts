/** A client for package indexes: finds projects, reads metadata, downloads files. */
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import { CacheEntries } from './cache/cache-entries.ts'
import { type CacheHead, HttpCache } from './cache/http-cache.ts'
import { ClientError } from './client-error.ts'
import { type ClientOptions, defaultLimits } from './client-options.ts'
import { Credentials } from './credentials/credentials.ts'
import { type Downloaded, downloadFile, type OnProgress } from './files/download.ts'
import { type DownloadSink, openFileSink } from './files/download-sink.ts'
import { askFileFacts, type FileFacts } from './files/file-facts.ts'
import type { FileNeeds } from './files/file-needs.ts'
import { copyLocalFile, isLocal } from './files/local-file.ts'
import { MetadataReader } from './files/metadata.ts'
import { WholeFiles } from './files/whole-files.ts'
import { FindLinks } from './indexes/find-links.ts'
import { type FoundProject, Projects } from './indexes/projects.ts'
import { type PageAnswer, type PageValidators, SimpleIndex } from './indexes/simple-index.ts'
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
  /**
   * The mark (`FoundProject.mark`) of what `project` would answer, where that is a page in the cache which need not be
   * confirmed. To compare marks is far quicker than to read pages.
   */
  mark(name: NormalizedName): string | undefined
  /**
   * Asks the first index for its page of a project, for those who keep pages themselves: nothing is remembered, and the
   * validators of the page they have make the answer short when it is still the right one. A large answer has its place in
   * line (`largeAnswers`) until `use` is done with it; without a `use` it is the result.
   */
  askPage<Result = PageAnswer>(
    name: NormalizedName,
    known?: PageValidators,
    use?: (answer: PageAnswer) => Promise<Result>,
  ): Promise<Result>
  /**
   * What the JSON API of the index that has the project says of it, or of one release; undefined where there is no such
   * project or no such API. It is not checked: every part of it may be missing, or of any kind.
   */
  describe(name: NormalizedName, version?: string): Promise<unknown>
  /** The names of all projects of all indexes, as those spell them. A list of more bytes than `limit` is an error, unless it is kept. */
  projectNames(options?: { readonly limit?: number }): Promise<string[]>
  /** The core metadata of a wheel; of an sdist where the index serves it and it is static, else undefined. */
  metadata(file: ProjectFile): Promise<Uint8Array | undefined>
  /** What a file requires: `metadata`, as far as a resolver reads it. */
  needs(file: ProjectFile): Promise<FileNeeds | undefined>
  /** Whether what `needs` answered of a file is in the cache, where it stays the same for ever. */
  keepsNeeds(file: ProjectFile): boolean
  /**
   * The same by one way only. `served`: what the index serves beside the file, as it is; `ranges`: taken out of a wheel
   * read in pieces. Undefined where there is no such way.
   */
  metadataBy(way: 'served' | 'ranges', file: ProjectFile): Promise<Uint8Array | undefined>
  /** What the server says of a file without sending it. */
  fileFacts(file: ProjectFile): Promise<FileFacts>
  /**
   * Downloads a file to a path, or chunk by chunk to a sink. A path only comes to be when size and digests are right;
   * a sink must forget what it got when the promise rejects.
   */
  download(
    file: ProjectFile,
    target: string | DownloadSink,
    onProgress?: OnProgress,
  ): Promise<Downloaded>
  /** A text that a URL leads to, such as a file of requirements; never kept. */
  text(url: string): Promise<string>
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
  /** Closes connections and files that are kept open: what pages have not told of their files by then they cannot any more. */
  close(): void
}

/** Nothing is read or asked before the first call. Throws ClientError `bad-url` for an index URL that is none. */
export function openClient(options: ClientOptions): Client {
  const { transport, cache, indexes, projects, metadata, wholeFiles, limits, close } =
    openParts(options)
  const { uploadTimeoutMs: timeoutMs = 15 * 60_000 } = options.network ?? {}
  return {
    project: (name, indexName) => projects.find(name, indexName),
    mark: (name) => projects.mark(name),
    askPage: async <Result>(
      name: NormalizedName,
      known: PageValidators = {},
      use = async (answer: PageAnswer) => answer as Result,
    ) => firstOf(indexes).ask(name, known, use),
    async describe(name, version) {
      const found = await projects.find(name)
      const index = indexes.find(({ location }) => location.url === found?.index.url)
      return index?.describe(name, version)
    },
    async projectNames({ limit } = {}) {
      const open = indexes.filter(({ isExplicit }) => !isExplicit)
      return (await Promise.all(open.map((index) => index.names(limit)))).flat()
    },
    metadata: (file) => metadata.read(file),
    needs: (file) => metadata.readNeeds(file),
    keepsNeeds: (file) => metadata.isKept(file),
    metadataBy: (way, file) => metadata.readBy(way, file),
    fileFacts: (file) => askFileFacts(transport, file),
    download: (file, target, onProgress) =>
      download(file, target, { transport, wholeFiles, limit: limits.file, onProgress }),
    text: (url) => readText(cache, url, limits.text),
    upload: (target, form, file, onProgress) =>
      uploadFile(target, form, file, { transport, timeoutMs, onProgress }),
    audience: (uploadUrl) => fetchAudience(transport, uploadUrl),
    mintToken: (uploadUrl, identityToken) => mintToken(transport, uploadUrl, identityToken),
    close,
    [Symbol.dispose]: close,
  }
}

/** What a client is made of: one transport and one cache behind all of it. */
function openParts(options: ClientOptions) {
  const { onEvent, isOffline = false, indexes: indexOptions = [], findLinks = [] } = options
  const limits = { ...defaultLimits, ...options.limits }
  const places = findLinks.map((url) => ({ url }))
  const transport = new Transport({
    network: options.network ?? {},
    credentials: new Credentials(options.credentials, [...indexOptions, ...places]),
    isOffline,
    onEvent,
    signal: options.signal,
  })
  const { folder, refresh } = options.cache ?? {}
  const pages = folder === undefined ? undefined : new CacheEntries<CacheHead>(folder, 'http')
  const entries = folder === undefined ? undefined : needsIn(folder)
  const cache = new HttpCache({ transport, entries: pages, isOffline })
  const indexes = indexOptions.map(
    (index) => new SimpleIndex({ index, cache, transport, limits, refresh }),
  )
  const links = new FindLinks(findLinks, cache, limits.page)
  const projects = new Projects({ indexes, links, strategy: options.strategy ?? 'first-index' })
  const wholeFiles = new WholeFiles({ transport, limit: limits.file })
  const metadata = new MetadataReader({ transport, cache, entries, limits, wholeFiles })
  const close = () => {
    transport.close()
    wholeFiles[Symbol.dispose]()
    pages?.close()
    entries?.close()
  }
  return { transport, cache, indexes, projects, metadata, wholeFiles, limits, close }
}

function readText(cache: HttpCache, url: string, limit: number): Promise<string> {
  const question = { url, accept: 'text/plain, */*;q=0.5', limit, keep: false }
  return cache.get(question, ({ body }) => body.toString('utf8'))
}

/** Behind what a file needs stands its METADATA, which few ask for. */
function needsIn(folder: string): CacheEntries<object> {
  return new CacheEntries(folder, 'needs', { restIsRare: true })
}

function firstOf(indexes: readonly SimpleIndex[]): SimpleIndex {
  const [first] = indexes
  if (first !== undefined) return first
  throw new ClientError('bad-url', 'There is no index to ask.', { url: '', hint: 'Name one.' })
}

interface Downloading {
  readonly transport: Transport
  readonly wholeFiles: WholeFiles
  readonly limit: number
  readonly onProgress: OnProgress | undefined
}

async function download(
  file: ProjectFile,
  target: string | DownloadSink,
  options: Downloading,
): Promise<Downloaded> {
  const { transport, wholeFiles } = options
  const { filename } = file
  const url = redactUrl(file.url)
  const onProgress: OnProgress = (received, total) => {
    options.onProgress?.(received, total)
    const event = { type: 'download', url, filename, received } as const
    transport.emit(total === undefined ? event : { ...event, total })
  }
  const fetch = async (sink: DownloadSink) => {
    using here = wholeFiles.take(file)
    return here || isLocal(file.url)
      ? await copyLocalFile(here ?? file, sink, onProgress)
      : await downloadFile(file, sink, { ...options, onProgress })
  }
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
