/** Core metadata of a made release, as the server stores it: every field but the description. */
import { readMetadata } from '@cheeseshop/packaging'

const { description: _none, ...noFields } = readMetadata(new Uint8Array()).metadata

export function coreMetadata(name: string, version: string, requiresPython: string | null): string {
  return JSON.stringify({
    ...noFields,
    metadataVersion: '2.1',
    name,
    version,
    summary: `What ${name} does, in a sentence of the usual length`,
    author: 'A person',
    license: 'MIT',
    classifiers: ['Programming Language :: Python :: 3'],
    requiresDist: ['requests (>=2.0)', 'six'],
    ...(requiresPython !== null && { requiresPython }),
  })
}
