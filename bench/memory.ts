/** Memory must not grow with the number of contacts. */
import { round, unthrottled, startSandbox, type BenchContext, type Measure } from './measure.ts'
import { withBeds } from './sweeps.ts'

export async function memory({ quick, say }: BenchContext): Promise<Measure[]> {
  const sizes = quick ? [1_500, 4_000] : [100_000, 1_000_000]
  const rss: number[] = []
  for (const people of sizes) {
    const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off'])
    try {
      rss.push(
        await withBeds(async (makeBed) => (await (await makeBed('postgres')).sweep('hubspot', ['--full'], unthrottled(sandbox))).rssMiB),
      )
      say(`${people} contacts: ${Math.round(rss.at(-1)!)} MiB`)
    } finally {
      sandbox.stop()
    }
  }
  const growth = rss[1]! - rss[0]!
  return [
    {
      name: `RSS at ${sizes[1]} − at ${sizes[0]} contacts`,
      value: round(growth, 1),
      unit: 'MiB',
      goal: '≤ 20',
      pass: quick ? null : growth <= 20,
      note: `peak ${Math.round(rss[1]!)} MiB`,
    },
  ]
}
