/** What a resolver reads of metadata, kept ready beside it: to read a hundred METADATA files takes longer than to solve them. */
import { type CoreMetadata, readMetadata } from '@cheeseshop/packaging'

/** As METADATA writes it. */
export type FileNeeds = Pick<
  CoreMetadata,
  'name' | 'version' | 'requiresDist' | 'requiresPython' | 'providesExtra'
>

export function needsOf(metadata: Uint8Array): FileNeeds {
  const { name, version, requiresDist, requiresPython, providesExtra } = readMetadata(metadata, {
    withoutDescription: true,
  }).metadata
  return {
    ...{ name, version, requiresDist, providesExtra },
    ...(requiresPython !== undefined && { requiresPython }),
  }
}
