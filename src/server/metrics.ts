/** What a monitor reads, in the text format of Prometheus. Counts and times only, by connection. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { QueryExecutorProvider } from 'kysely'
import type { Connector } from '../connectors/connector.ts'
import type { CallUsage } from '../store/call-days.ts'
import { createLedgerMetrics } from './metrics-ledger.ts'
import { createRetentionMetrics } from './metrics-retention.ts'
import { createRightsMetrics } from './metrics-rights.ts'
import type { Unsigned } from '../store/unsigned.ts'
import { countJobs, loadConnectionLoads, type ConnectionLoad } from '../store/workload.ts'

/** `connectors`: all that this process has, several for one connection if they differ in urgency. `usage`: what all workers used of the CRMs' days. */
export type MetricsParts = {
  db: QueryExecutorProvider
  connectors: readonly { name: string; connector: Pick<Connector, 'usage'> }[]
  usage: () => Promise<readonly CallUsage[]>
  /** Connections that show another account than the one that is stored. */
  refused: () => readonly string[]
  /** Of the ledger, by the checkpoints of this process's own folder; null: it is not the one that signs. */
  unsigned: (() => Promise<Unsigned>) | null
}
export type Metrics = {
  readonly contentType: string
  answered: (connection: string, status: number) => void
  read: () => Promise<string>
}

export function createMetrics({ db, connectors, usage, refused, unsigned }: MetricsParts): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const answers = new Counter({
    name: 'accord_webhook_answers_total',
    help: 'Deliveries of CRMs that were answered, by status.',
    labelNames: ['connection', 'status'],
    registers: [registry],
  })
  const gauge = (name: string, help: string, labelNames: string[] = ['connection']): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const gauges = {
    lag: gauge('accord_lag_seconds', 'Age of the oldest event of a CRM that is not yet taken up.'),
    records: gauge('accord_waiting_records', 'Records to be read again.'),
    patches: gauge('accord_waiting_patches', 'Records with values to be written to the CRM.'),
    sweptAt: gauge('accord_last_sweep_timestamp_seconds', 'When the last sweep ended, in seconds since 1970.'),
    sweptRecords: gauge('accord_last_sweep_records', 'Records that the last sweep read.'),
    sweptSeconds: gauge('accord_last_sweep_seconds', 'How long the last sweep took.'),
    findings: gauge('accord_findings', 'Open findings after the last sweep.', ['connection', 'kind']),
    jobs: gauge('accord_jobs', 'Jobs that wait, run, are to be tried again, or were given up (queue "dead").', ['queue', 'state']),
    otherAccount: gauge('accord_other_account', 'Connections whose credentials lead to another account than the one that is stored.'),
    calls: gauge('accord_crm_calls', 'Requests that this process has sent to a CRM since it started.'),
    throttled: gauge('accord_crm_throttled', 'How many of them the CRM answered with 429.'),
    dayCalls: gauge('accord_crm_day_calls', 'Requests of all workers to a CRM in the last 24 hours.'),
    dayThrottled: gauge('accord_crm_day_throttled', 'How many of them the CRM answered with 429.'),
    dayLimit: gauge('accord_crm_day_limit', 'Requests that the CRM grants to everybody in a day.'),
    dayRemaining: gauge('accord_crm_day_remaining', 'How many of them are left, for everybody.'),
  }
  const readRights = createRightsMetrics(registry, db)
  const readRetention = createRetentionMetrics(registry, db)
  const readLedger = unsigned === null ? async () => undefined : createLedgerMetrics(registry, unsigned)
  return {
    contentType: registry.contentType,
    answered: (connection, status) => answers.inc({ connection, status: String(status) }),
    async read() {
      const reading = [loadConnectionLoads(db), countJobs(db), usage(), readRights(), readRetention(), readLedger()] as const
      const [loads, jobs, days] = await Promise.all(reading)
      for (const one of Object.values(gauges)) one.reset()
      for (const load of loads) showLoad(gauges, load)
      for (const { queue, state, jobs: count } of jobs) gauges.jobs.set({ queue, state }, count)
      for (const connection of refused()) gauges.otherAccount.set({ connection }, 1)
      for (const one of connectors) showCalls(gauges, one)
      for (const day of days) showDay(gauges, day)
      return registry.metrics()
    },
  }
}

function showCalls(gauges: Readonly<Record<'calls' | 'throttled', Gauge>>, { name, connector }: MetricsParts['connectors'][number]): void {
  gauges.calls.inc({ connection: name }, connector.usage.calls)
  gauges.throttled.inc({ connection: name }, connector.usage.throttled)
}

type DayGauges = Readonly<Record<'dayCalls' | 'dayThrottled' | 'dayLimit' | 'dayRemaining', Gauge>>

/** What the CRM has not told yet is left out: nothing is not zero. */
function showDay(gauges: DayGauges, { connection, calls, throttled, limit, remaining }: CallUsage): void {
  gauges.dayCalls.set({ connection }, calls)
  gauges.dayThrottled.set({ connection }, throttled)
  if (limit !== null) gauges.dayLimit.set({ connection }, limit)
  if (remaining !== null) gauges.dayRemaining.set({ connection }, remaining)
}

type LoadGauges = Readonly<Record<'lag' | 'records' | 'patches' | 'sweptAt' | 'sweptRecords' | 'sweptSeconds' | 'findings', Gauge>>

function showLoad(gauges: LoadGauges, { connection, lagSeconds, records, patches, sweptAt, summary }: ConnectionLoad): void {
  gauges.lag.set({ connection }, lagSeconds)
  gauges.records.set({ connection }, records)
  gauges.patches.set({ connection }, patches)
  if (sweptAt === null || summary === null) return
  const swept = JSON.parse(summary) as { records: number; seconds: number; findings: Record<string, number> }
  gauges.sweptAt.set({ connection }, sweptAt)
  gauges.sweptRecords.set({ connection }, swept.records)
  gauges.sweptSeconds.set({ connection }, swept.seconds)
  for (const [kind, count] of Object.entries(swept.findings)) gauges.findings.set({ connection, kind }, count)
}
