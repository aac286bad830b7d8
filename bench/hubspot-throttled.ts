/** The vendor's own rolling limit is on: how much of it is used, and does a request ever meet a 429? */
import { round, sandboxEnv, startSandbox, type BenchContext, type Measure } from './measure.ts'
import { withBeds } from './sweeps.ts'

const CONTACTS_PER_SECOND = 1_900
/** All of its calls can be had at once. */
const WINDOW_SECONDS = 10

export async function hubspotThrottled({ quick }: BenchContext): Promise<Measure[]> {
  const seconds = quick ? 4 : 60
  // As many as can be had within the windows that begin, and a second's more: the sweep must never come to an end by itself.
  const people = CONTACTS_PER_SECOND * ((Math.floor(seconds / WINDOW_SECONDS) + 1) * WINDOW_SECONDS + 1)
  const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'on'])
  try {
    return await withBeds(async (makeBed) => {
      const bed = await makeBed('postgres')
      const swept = await bed.sweep('hubspot', ['--full', '--seconds', String(seconds)], sandboxEnv(sandbox))
      const stats = (await (await fetch(`${sandbox.control}/stats`)).json()) as { crms: { hubspot: { status429: number } } }
      // A burst of one window stands at the start; over the whole time no more than windows × limit can be had.
      const permitted = CONTACTS_PER_SECOND * WINDOW_SECONDS * Math.ceil(swept.seconds / WINDOW_SECONDS)
      const share = swept.records / Math.min(permitted, CONTACTS_PER_SECOND * swept.seconds)
      return [
        {
          name: 'throttled sweep: share of 1,900 contacts/s',
          value: round(share, 3),
          unit: 'ratio',
          goal: '≥ 0.97',
          pass: share >= 0.97,
          note: `${swept.records} in ${round(swept.seconds, 1)} s`,
        },
        {
          name: 'throttled sweep: 429 answers',
          value: stats.crms.hubspot.status429,
          unit: 'answers',
          goal: '0',
          pass: stats.crms.hubspot.status429 === 0,
          note: '',
        },
      ]
    })
  } finally {
    sandbox.stop()
  }
}
