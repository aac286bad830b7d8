/** Memory must not grow with the number of contacts. A peak falls where garbage is thickest: medians, since one run differs from the next by 20 MiB. */
import { median, round, unthrottled, startSandbox, type BenchContext, type Measure, type SandboxProcess } from './measure.ts'
import { withBeds, type Bed } from './sweeps.ts'

const RUNS = 3
const MB_PER_MIB = 1.048_576

export async function memory({ quick, say }: BenchContext): Promise<Measure[]> {
  const sizes = quick ? [1_000, 2_000] : [100_000, 1_000_000]
  const peaks = await withBeds(async (makeBed) => {
    const medians: number[] = []
    for (const people of sizes) {
      const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off'])
      try {
        const runs = await peaksOf(sandbox, makeBed, quick ? 1 : RUNS)
        medians.push(median(runs))
        say(`${people} contacts: ${runs.map(Math.round).join(', ')} MiB`)
      } finally {
        sandbox.stop()
      }
    }
    return medians
  })
  const growth = (peaks[1]! - peaks[0]!) * MB_PER_MIB
  return [
    {
      name: `RSS at ${sizes[1]} − at ${sizes[0]} contacts`,
      value: round(growth, 1),
      unit: 'MB',
      goal: '≤ 20',
      pass: quick ? null : growth <= 20,
      note: `${Math.round(peaks[0]!)} and ${Math.round(peaks[1]!)} MiB`,
    },
  ]
}

async function peaksOf(sandbox: SandboxProcess, makeBed: (kind: 'postgres') => Promise<Bed>, runs: number): Promise<number[]> {
  const peaks: number[] = []
  for (let run = 0; run < runs; run++) {
    const bed = await makeBed('postgres')
    peaks.push((await bed.sweep('hubspot', ['--full'], unthrottled(sandbox))).rssMiB)
  }
  return peaks
}
