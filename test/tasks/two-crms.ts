/** Two CRMs, `one` and `two`, on a database of their own before each test. */
import { afterEach, beforeEach } from 'vitest'
import type { CrmRecord, Gone } from '../../src/connectors/connector.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import { always, openBench, type Bench } from './bench.ts'

type Side = Awaited<ReturnType<Bench['add']>>
export type TwoCrms = {
  readonly bench: Bench
  readonly one: Side
  readonly two: Side
  /** What a sweep finds there now. */
  take: (side: Side, records: readonly CrmRecord[], gone?: readonly Gone[]) => Promise<void>
  /** Reads all again that was rung, twice in each; answers how many that were. */
  settle: () => Promise<number>
}

export function useTwoCrms(url: () => string): TwoCrms {
  let bench: Bench
  let one: Side
  let two: Side
  beforeEach(async () => {
    bench = await openBench(url())
    one = await bench.add('one')
    two = await bench.add('two')
  })
  afterEach(() => bench.close())
  return {
    get bench() {
      return bench
    },
    get one() {
      return one
    },
    get two() {
      return two
    },
    take: async ({ target, crm }, records, gone = []) => {
      for (const each of records) crm.held.set(each.ref.id, each)
      for (const each of gone) crm.held.delete(each.ref.id)
      await applyBatch(bench.shell, bench.landscape, target, { records, gone }, 'keep')
    },
    settle: async () => {
      let asked = 0
      for (const { target } of [one, two, one, two])
        asked += await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
      return asked
    },
  }
}
