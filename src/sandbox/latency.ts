/** How long a CRM waits before it answers: always the same, or spread as real services are, most answers quick and a few slow. */
export type Latency = { ms: number } | { p50: number; p99: number }

/** The 99th percentile of the normal distribution, in standard deviations. */
const P99 = 2.326_347_874
const LONGEST_MS = 600_000

/** Milliseconds; a log-normal distribution through both percentiles. */
export function drawLatency(latency: Latency, random: () => number): number {
  if ('ms' in latency) return latency.ms
  if (latency.p50 === 0) return 0
  // Box and Muller: two even draws make a normal one.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.min(LONGEST_MS, latency.p50 * Math.exp((Math.log(latency.p99 / latency.p50) / P99) * normal))
}
