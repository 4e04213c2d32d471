/** What a server says of a file without sending it. */
import type { ProjectFile } from '@cheeseshop/packaging'
import { statusError, type Transport } from '../transport/transport.ts'

export interface FileFacts {
  /** Bytes. */
  readonly size?: number
  /** As the server writes it: a date of HTTP. */
  readonly lastModified?: string
}

export function askFileFacts(transport: Transport, file: ProjectFile): Promise<FileFacts> {
  const headers = { 'accept-encoding': 'identity' }
  return transport.run(
    () => ({ url: file.url, method: 'HEAD', headers }),
    async (response) => {
      if (response.status !== 200) throw statusError(response)
      const { 'content-length': length = '', 'last-modified': lastModified } = response.headers
      return {
        ...(/^\d{1,15}$/.test(length) && { size: Number(length) }),
        ...(lastModified !== undefined && { lastModified }),
      }
    },
  )
}
