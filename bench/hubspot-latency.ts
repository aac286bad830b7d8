/** 150 ms to each answer: the work must hide behind the waiting. */
import { hubspotProperties } from './fields.ts'
import { median, round, runChild, unthrottled, startSandbox, type BenchContext, type Measure } from './measure.ts'
import { withBeds } from './sweeps.ts'

export async function hubspotLatency({ quick }: BenchContext): Promise<Measure[]> {
  const people = quick ? 600 : 20_000
  const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off', '--latency', '150'])
  const env = unthrottled(sandbox)
  try {
    return await withBeds(async (makeBed) => {
      const properties = await hubspotProperties(env)
      const ratios: number[] = []
      for (let pair = 0; pair < (quick ? 1 : 3); pair++) {
        const loop = await runChild<{ seconds: number }>('./child-hubspot-client.ts', [
          sandbox.hubspot,
          env['HUBSPOT_TOKEN']!,
          properties.join(','),
        ])
        const bed = await makeBed('postgres')
        const swept = await bed.sweep('hubspot', ['--full'], env)
        ratios.push(swept.seconds / loop.seconds)
      }
      return [
        {
          name: 'sweep ÷ bare loop at 150 ms latency',
          value: round(median(ratios), 3),
          unit: 'wall time',
          goal: '≤ 1.05',
          pass: quick ? null : median(ratios) <= 1.05,
          note: `${people} contacts`,
        },
      ]
    })
  } finally {
    sandbox.stop()
  }
}
