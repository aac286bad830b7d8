/** One worker that shares a request budget: asks its CRM for a record again and again, until it is told to stop. Prints what became of it. */
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createBudgets } from '../../src/budgets.ts'
import { ConnectorError, type Urgency } from '../../src/connectors/connector.ts'
import { connect } from '../../src/connectors/registry.ts'
import { openDatabase } from '../../src/store/database.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    api: { type: 'string' },
    token: { type: 'string' },
    urgency: { type: 'string' },
    /** Milliseconds between two requests; 0: as many as it gets. */
    every: { type: 'string', default: '0' },
  },
})
const urgency = values.urgency as Urgency
const every = Number(values.every)
const sleep = (ms: number, signal: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal })
const log = (): void => undefined
const database = await openDatabase({ url: values.url!, dir: '', log, poolSize: 3 })
const budgets = createBudgets(true, { now: () => performance.now(), sleep, log })
budgets.share(database.db)
const settings = { apiUrl: values.api!, auth: { token: values.token! }, share: 1, dailyReserve: 0 }
const deps = { now: Date.now, sleep, random: Math.random, log, urgency, permits: budgets.permitsOf('hubspot') }
const connector = connect({ id: 'hubspot', crm: 'hubspot', settings }, deps)
const stop = new AbortController()
const waits: number[] = []
let spent = 0

async function ask(): Promise<void> {
  while (!stop.signal.aborted) {
    const began = performance.now()
    try {
      await connector.get({ object: 'contacts', ids: ['1'], fields: ['email'] }, stop.signal)
      waits.push(performance.now() - began)
      if (every > 0) await sleep(every, stop.signal)
    } catch (error) {
      if (stop.signal.aborted) return
      if (!(error instanceof ConnectorError) || error.kind !== 'throttled') throw error
      spent++
      await sleep(500, stop.signal).catch(() => undefined)
    }
  }
}

process.stdout.write('ready\n')
process.stdin.once('data', async () => {
  process.stdin.once('data', () => stop.abort(new Error('told to stop')))
  await Promise.all(Array.from({ length: every > 0 ? 1 : 6 }, ask)).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  await connector.close()
  await budgets.close()
  const usage = await budgets.usage()
  await database.close()
  process.stdout.write(`${JSON.stringify({ calls: connector.usage.calls, throttled: connector.usage.throttled, waits, spent, usage })}\n`)
  process.exit(0)
})
