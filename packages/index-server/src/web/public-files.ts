/** Style sheets and icon: read once, named by their digest, kept by browsers for ever. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { HttpError } from '../http/http-error.ts'
import type { Surface } from '../http/surface.ts'

const types = new Map([
  ['style.css', 'text/css; charset=utf-8'],
  ['project.css', 'text/css; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
])

interface PublicFile {
  bytes: Uint8Array
  type: string
  digest: string
}

const files = new Map<string, PublicFile>()

/** `static/style.css?v=...`, below the root. */
export function publicUrl(name: string): string {
  return `static/${name}?v=${readPublicFile(name)?.digest}`
}

export const publicFile: Surface = (call) => {
  const name = call.req.param('file') ?? ''
  const file = readPublicFile(name)
  if (file === undefined) {
    throw new HttpError(
      404,
      'not-found',
      `There is no file ${JSON.stringify(name.slice(0, 100))} here.`,
    )
  }
  return {
    status: 200,
    headers: {
      'content-type': file.type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    },
    body: file.bytes,
  }
}

/** Only names from the table, so that no path can be made of them. */
function readPublicFile(name: string): PublicFile | undefined {
  const type = types.get(name)
  const known = files.get(name)
  if (type === undefined || known !== undefined) return known
  const bytes = readFileSync(new URL(`./public/${name}`, import.meta.url))
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const file = { bytes, type, digest }
  files.set(name, file)
  return file
}
