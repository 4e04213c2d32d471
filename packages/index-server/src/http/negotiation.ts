/** Reads `a;q=0.5, b` headers: what a client accepts and how much (RFC 9110, 12.4). */

export type Encoding = 'identity' | 'gzip' | 'br' | 'zstd'

/** Best first: what costs a client least to wait for and to unpack. */
const encodings: readonly Encoding[] = ['zstd', 'br', 'gzip']

/** The encoding to send, `identity` when nothing better is accepted. */
export function bestEncoding(
  header: string | undefined,
  offers: readonly Encoding[] = encodings,
): Encoding {
  if (!header) return 'identity'
  const accepted = readQualities(header)
  const quality = (name: string) => accepted.get(name) ?? accepted.get('*') ?? 0
  let best: Encoding = 'identity'
  let bestQuality = accepted.get('identity') ?? 0
  for (const offer of offers) {
    // Equal quality: the server's order decides, and anything is better than nothing at all.
    const better =
      quality(offer) > bestQuality || (best === 'identity' && quality(offer) === bestQuality)
    if (quality(offer) > 0 && better) {
      best = offer
      bestQuality = quality(offer)
    }
  }
  return best
}

/** The offered media type the client likes best; the first offer when it has no wish or none fits. */
export function bestType<const Types extends readonly [string, ...string[]]>(
  header: string | undefined,
  offers: Types,
): Types[number] {
  if (!header) return offers[0]
  const accepted = readQualities(header)
  const quality = (type: string) =>
    accepted.get(type) ?? accepted.get(`${type.split('/')[0]}/*`) ?? accepted.get('*/*') ?? 0
  return offers.reduce((best, offer) => (quality(offer) > quality(best) ? offer : best))
}

function readQualities(header: string): Map<string, number> {
  const qualities = new Map<string, number>()
  for (const part of header.slice(0, 4096).split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    if (name !== '') qualities.set(name, quality === undefined ? 1 : readQuality(quality))
  }
  return qualities
}

function readQuality(parameter: string): number {
  const value = Number(parameter.slice(2))
  return value >= 0 && value <= 1 ? value : 0
}
