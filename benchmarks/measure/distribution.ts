/** Sums up samples: medians and quantiles, never means, because one pause of the machine would own a mean. */

export interface Distribution {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

/** Quantiles of at least one sample, in the unit of the samples. */
export function distribution(samples: readonly number[]): Distribution {
  const sorted = samples.toSorted((a, b) => a - b)
  return {
    count: sorted.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}

export function median(samples: readonly number[]): number {
  return quantile(
    samples.toSorted((a, b) => a - b),
    0.5,
  )
}

/** The median of the ratios of samples taken in the same round: what the noise of a shared machine disturbs least. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((sample, round) => sample / theirs[round]!))
}

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0)
    throw new Error('No samples were taken, so there is no quantile of them.')
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}
