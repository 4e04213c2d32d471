/** Where packed bytes come from: something that can be read anywhere, or a stream. */
import type { ByteSource } from '../byte-source.ts'

export type PackedSource = ByteSource | AsyncIterable<Uint8Array>
