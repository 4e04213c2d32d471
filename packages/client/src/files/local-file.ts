/** Files of `file:` URLs, with the same checks as those that come over the network. */
import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ByteSource, openFileSource } from '@cheeseshop/archive'
import type { ProjectFile } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { Digester } from './digests.ts'
import type { Downloaded, OnProgress } from './download.ts'
import type { DownloadSink } from './download-sink.ts'

export function isLocal(url: string): boolean {
  return /^file:/i.test(url)
}

export async function copyLocalFile(
  file: ProjectFile,
  sink: DownloadSink,
  onProgress?: OnProgress,
): Promise<Downloaded> {
  const digester = new Digester(file.hashes)
  let size = 0
  await orMissing(file, async () => {
    for await (const chunk of createReadStream(fileURLToPath(file.url)) as AsyncIterable<Buffer>) {
      digester.update(chunk)
      await sink.write(chunk)
      size += chunk.length
      onProgress?.(size, file.size)
    }
  })
  return { size, hashes: digester.finish(file.url) }
}

export function openLocalFile(file: ProjectFile): Promise<ByteSource & AsyncDisposable> {
  return orMissing(file, () => openFileSource(fileURLToPath(file.url)))
}

async function orMissing<Result>(file: ProjectFile, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new ClientError('not-found', `There is no file ${fileURLToPath(file.url)}.`, {
      url: file.url,
      cause,
      hint: 'The page that lists it is out of date.',
    })
  }
}
