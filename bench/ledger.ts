/** Entries per second through the real append, in batches as a sweep makes them, and through the verifier. */
import { openDatabase } from '../src/store/database.ts'
import { appendBlock, verifyLedger } from '../src/store/ledger.ts'
import { freshDatabase, startPostgres } from '../test/postgres.ts'
import { round, type BenchContext, type Measure } from './measure.ts'

export async function ledger({ quick }: BenchContext): Promise<Measure[]> {
  const blocks = quick ? 50 : 300
  const size = 1_000
  const server = await startPostgres()
  try {
    const database = await openDatabase({ url: await freshDatabase(server.url), dir: '', log: () => undefined })
    const started = performance.now()
    for (let block = 0; block < blocks; block++) {
      const entries = Array.from({ length: size }, (_, index) =>
        JSON.stringify(['decision', `hubspot/contacts/${block * size + index}`, 'a3f5c9d2e1b04876a3f5c9d2e1b04876', '2027-01-01']),
      )
      await database.db.transaction().execute((trx) => appendBlock(trx, entries, new Date(0).toISOString()))
    }
    const appended = (blocks * size) / ((performance.now() - started) / 1_000)
    const verifying = performance.now()
    const report = await verifyLedger(database.db, { checkpoints: [], keys: new Map() })
    const verified = (blocks * size) / ((performance.now() - verifying) / 1_000)
    if (!report.ok) throw new Error('the ledger does not verify')
    await database.close()
    return [
      {
        name: 'ledger: entries appended',
        value: round(appended, 0),
        unit: '/s',
        goal: '≥ 5,000',
        pass: appended >= 5_000,
        note: 'blocks of 1,000, a transaction each',
      },
      {
        name: 'ledger: entries verified with re-hash',
        value: round(verified, 0),
        unit: '/s',
        goal: '≥ 50,000',
        pass: verified >= 50_000,
        note: '',
      },
    ]
  } finally {
    await server.stop()
  }
}
