/** The whole job on Salesforce rows in locator pages, against jsforce's own Bulk 2.0 query. */
import { salesforceColumns } from './fields.ts'
import { median, PAIRS, round, runChild, unthrottled, startSandbox, type BenchContext, type Measure } from './measure.ts'
import { withBeds } from './sweeps.ts'

export async function salesforceSweep({ quick, say }: BenchContext): Promise<Measure[]> {
  const people = quick ? 2_000 : 200_000
  const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off'])
  const env = { ...unthrottled(sandbox), SALESFORCE_BULK_PAGE_SIZE: String(people / 10) }
  try {
    return await withBeds(async (makeBed) => {
      const columns = await salesforceColumns(env)
      const [ratios, memory, peers]: number[][] = [[], [], []]
      for (let pair = 0; pair < (quick ? 1 : PAIRS); pair++) {
        const peer = await runChild<{ seconds: number; records: number; rssMiB: number }>('./child-jsforce.ts', [
          sandbox.salesforce,
          columns.join(','),
        ])
        const bed = await makeBed('postgres')
        const swept = await bed.sweep('salesforce', ['--full'], env)
        if (swept.records !== people || peer.records !== people)
          throw new Error(`${swept.records} and ${peer.records} rows instead of ${people}`)
        ratios!.push(swept.records / swept.seconds / (peer.records / peer.seconds))
        memory!.push(swept.rssMiB / peer.rssMiB)
        peers!.push(peer.records / peer.seconds)
        say(`pair ${pair + 1}: jsforce ${Math.round(peers!.at(-1)!)}/s, sweep ${Math.round(swept.records / swept.seconds)}/s`)
      }
      const note = `peer ${Math.round(median(peers!))} rows/s`
      return [
        {
          name: 'Salesforce sweep ÷ jsforce bulk2.query',
          value: round(median(ratios!)),
          unit: 'ratio',
          goal: '≥ 1.0',
          pass: quick ? null : median(ratios!) >= 1,
          note,
        },
        {
          name: 'Salesforce sweep: peak RSS ÷ jsforce',
          value: round(median(memory!)),
          unit: 'ratio',
          goal: 'report',
          pass: null,
          note: '',
        },
      ]
    })
  } finally {
    sandbox.stop()
  }
}
