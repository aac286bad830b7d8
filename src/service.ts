/** Composition root of the service: what hears (web) and what works (worker), in one process or in many on one Postgres. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Router } from 'express'
import type { Transaction } from 'kysely'
import { ConnectorError } from './connectors/connector.ts'
import { loadPolicy } from './config/load.ts'
import { openCourier } from './courier.ts'
import { openCopyDeps, openCopyDoor } from './copies.ts'
import { createAccord, type AccordParts } from './accord.ts'
import { openParts, type Opened } from './main.ts'
import { openIntake } from './intake.ts'
import { openMailer } from './post.ts'
import { openRequestDoor } from './requests.ts'
import { createApi } from './server/api.ts'
import { createApp } from './server/app.ts'
import { drain } from './server/drain.ts'
import { createHealth } from './server/health.ts'
import { createMetrics, type Metrics } from './server/metrics.ts'
import { createMonitor } from './server/monitor.ts'
import { createReceiver, type Heard } from './server/webhooks.ts'
import { openErasureDeps, openRetentionDeps } from './rights.ts'
import { SettingsError, type Settings } from './settings.ts'
import { loadSigningKey } from './store/checkpoints.ts'
import { StoreError } from './store/error.ts'
import { createHearing } from './store/hearing.ts'
import { openJobs, type Jobs } from './store/jobs.ts'
import { codeOf } from './store/pool.ts'
import { loadUnsigned } from './store/unsigned.ts'
import type { Tables } from './store/tables.ts'
import { startNotifying } from './tasks/notify/notices.ts'
import { startGuard } from './tasks/comeback/worker.ts'
import { startKeeper } from './tasks/retention/worker.ts'
import { startEraser } from './tasks/erasure/worker.ts'
import { startListeners } from './tasks/connection/listen.ts'
import { MAIL_QUEUE_KEY, startNotifier } from './tasks/notify/notify.ts'
import { startWatch } from './tasks/request/watch.ts'
import type { ConsentDeps } from './tasks/consent/deps.ts'
import { findPlaces } from './tasks/sweep/prepare.ts'
import { createPreparer } from './tasks/sweep/prepared.ts'
import { isSchedule, startSchedule } from './tasks/worker/schedule.ts'
import type { Shell, Work as Rung } from './tasks/shell.ts'
import { startWorker } from './tasks/worker/worker.ts'
import { openWork, type Work } from './work.ts'

export const roles = ['all', 'web', 'worker'] as const
export type Role = (typeof roles)[number]
export type Service = { url: string; close: () => Promise<void> }

/** Running jobs and requests are given this long when the service stops, side by side; what is cut off is taken up again. */
const GRACE_MS = 20_000

/** @throws SettingsError, StoreError */
export async function startService(settings: Settings, role: Role = 'all', graceMs = GRACE_MS): Promise<Service> {
  if (!isSchedule(settings.schedule))
    throw new SettingsError(
      'ACCORD_SCHEDULE takes five fields of cron, such as "0 3 * * *", with days of the month or of the week, not both',
    )
  if (role !== 'all' && settings.databaseUrl === undefined)
    throw new SettingsError('web and worker apart need a Postgres that they share: set DATABASE_URL, or run "accord serve" without --role')
  const opened = await openParts(settings)
  const stops: (() => Promise<void>)[] = [opened.parts.close]
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one()
  }
  try {
    if (role !== 'web') await keyOfLedger(opened, settings)
    const jobs = await openJobs(opened.database, (event, facts) => opened.log(event, facts), { worker: role !== 'web' })
    const work = openWork(jobs, graceMs)
    stops.push(work.stop)
    let draining = false
    // A web-only process may have a data folder of its own, in which no checkpoint is ever signed.
    const unsigned = role === 'web' ? null : () => loadUnsigned(opened.database.db, settings.dataDir)
    const metrics = createMetrics({
      db: opened.database.db,
      unsigned,
      connectors: [...opened.parts.linked, ...opened.at('live')],
      usage: opened.usage,
      refused: opened.accounts.refused,
    })
    const monitor = createMonitor({ db: opened.database.db, metrics, isDraining: () => draining })
    const health = createHealth({ db: opened.database.db, refused: opened.accounts.refused, unsigned })
    const routers = [health, monitor, ...(role === 'worker' ? [] : [openApi(settings, opened, jobs)])]
    const app = createApp({ log: opened.log, proxies: settings.proxies, routers })
    const ears: Ears = role === 'worker' ? { listener: app, stop: async () => undefined } : openEars(opened, jobs, metrics, app)
    stops.push(ears.stop)
    // By default Node checks for timed-out requests every 30 s: a slow sender could hold its socket for 40 s instead of 10.
    const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 2_000 }, ears.listener)
    const url = await listen(server, settings)
    stops.push(async () => {
      draining = true
      // In parallel, so that a slow client does not extend the grace period of the jobs.
      await Promise.all([drain(server, graceMs), work.stop()])
    })
    // Start working only after the port was bound.
    if (role !== 'web') await startWorking(settings, opened, jobs, work)
    return { url, close: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A worker signs checkpoints: refuse to start without the key that has signed so far. @throws SettingsError */
async function keyOfLedger({ database }: Opened, { dataDir }: Settings): Promise<void> {
  await loadSigningKey(database.db, dataDir).catch((error: unknown) => {
    throw error instanceof StoreError && error.kind === 'key' ? new SettingsError(error.message, { cause: error }) : error
  })
}

function openApi({ mail }: Settings, { parts, database, log, at }: Opened, jobs: Jobs): Router {
  const { policy } = parts
  const shell: Shell = { ...parts.shell, ring: (trx, work) => ringOthers(jobs, parts, trx, work, null) }
  const ringMail = mail && ((trx: Transaction<Tables>) => jobs.ring(trx, { queue: 'notify', key: MAIL_QUEUE_KEY }))
  const landscape: ConsentDeps['landscape'] = (turn) => findPlaces(turn, parts.linked, false)
  const { consents, confirm } = openIntake(shell, { landscape, policy }, ringMail ?? null)
  const ring = async (trx: Transaction<Tables>, key: string): Promise<void> => {
    await jobs.ring(trx, { queue: 'verify', key })
    await ringMail?.(trx)
  }
  const deps = openErasureDeps({ parts, at }, shell)
  const { requests, cases, identify, address } = openRequestDoor({ ...deps, ring, mails: mail !== undefined }, policy)
  const pages = {
    confirm: { ...confirm, log },
    identify: { ...identify, log },
    address: { ...address, log },
    copies: { ...openCopyDoor(openCopyDeps({ parts, at }, deps)), log },
  }
  return createApi({ db: database.db, now: shell.now, consents, requests, cases, ...pages })
}

type Ears = { listener: RequestListener; stop: () => Promise<void> }

/** Webhook deliveries bypass express: see server/webhooks.ts. */
function openEars({ parts, database, log }: Opened, jobs: Jobs, metrics: Metrics, app: RequestListener): Ears {
  const connections = new Map(
    parts.linked.map(({ name, connector, objects }): [string, Heard] => [
      name,
      { connector, objects: new Set(objects.map((mapping) => mapping.object)) },
    ]),
  )
  const hearing = createHearing(database.db, {
    ring: (trx, key) => jobs.ring(trx, { queue: 'pull-record', key }),
    onRung: () => jobs.nudge('pull-record'),
    onFailure: (error) => log('bell.failed', { code: codeOf(error) }),
  })
  const receiver = createReceiver({ connections, hearing, onAnswer: metrics.answered, log })
  const listener: RequestListener = (request, response) => {
    if (!receiver.receive(request, response)) app(request, response)
  }
  return { listener, stop: hearing.stop }
}

async function startWorking(settings: Settings, { parts, database, log, at, accounts }: Opened, jobs: Jobs, work: Work): Promise<void> {
  const names = parts.linked.map((one) => one.name)
  const ringing = (own: string | null): Shell => ({ ...parts.shell, ring: (trx, rung) => ringOthers(jobs, parts, trx, rung, own) })
  const worker = await startWorker(
    {
      shell: ringing(null),
      jobs,
      connections: names,
      prepare: createPreparer({ ...parts, linked: at('live'), shell: ringing(null) }),
      sweep: (connection, full, signal) => sweepOne({ ...parts, shell: ringing(connection), only: connection }, full, signal),
    },
    { sweeping: work.sweeping, working: work.working },
  )
  work.quiesce(worker.stop)
  const schedule = startSchedule({
    db: database.db,
    jobs,
    connections: names.map((name) => ({ name, expression: settings.schedule })),
    timezone: loadPolicy(settings.configDir).organisation.timezone,
    now: parts.shell.now,
    log,
  })
  work.quiesce(schedule.stop)
  const looking = accounts.look(at('live'), work.working)
  work.cut(() => looking)
  const listeners = startListeners({ shell: parts.shell, jobs, linked: parts.linked })
  work.quiesce(listeners.stop)
  const mailer = openMailer(settings, parts.policy)
  await startRights(settings, { parts, at }, ringing(null), jobs, work)
  const notifier = mailer && (await startNotifier(parts.shell, jobs, mailer, work.working))
  work.cut(async () => notifier?.stop())
}

/** Starts the background work around requests: next steps, retention lists, deadlines, people who reappear, and notices to recipients. */
async function startRights(
  settings: Settings,
  { parts, at }: Pick<Opened, 'parts' | 'at'>,
  shell: Shell,
  jobs: Jobs,
  work: Work,
): Promise<void> {
  const signal = work.working
  const deps = openErasureDeps({ parts, at }, shell)
  const begun = (one: { stop: () => Promise<void> }): void => work.cut(one.stop)
  begun(await startEraser(deps, jobs, signal))
  begun(await startKeeper(openRetentionDeps({ parts, at }, shell), jobs, signal))
  begun(startWatch(deps, signal))
  begun(startGuard(deps, signal))
  begun(startNotifying(shell, parts.recipients, openCourier(settings, parts.policy, shell.now), signal))
}

async function sweepOne(parts: AccordParts, full: boolean, signal: AbortSignal): Promise<void> {
  const accord = createAccord(parts)
  const [summary] = await accord.sweep({ full, keep: true, write: true, progress: () => undefined }, signal)
  const { connection, mode, records, apiCalls, error, patches } = summary!
  parts.shell.log('sweep.finished', { connection, mode, records, apiCalls, written: patches.written, error: error?.message ?? '' })
  // Fail the job so that it is retried; pages stored so far are kept.
  if (error) throw new ConnectorError('unavailable', `${error.kind}: ${error.message}`)
}

/** Enqueues jobs for the connections that have new work. `own`: the connection being swept, which does its own work; null outside a sweep. */
async function ringOthers(jobs: Jobs, parts: AccordParts, trx: Transaction<Tables>, work: Rung, own: string | null): Promise<void> {
  if (work.rechecks.size === 0 && !work.anywhere && work.patches === null) return
  const connectionOf = await parts.shell.connections(trx)
  // Sorted, so that two transactions that enqueue the same jobs cannot deadlock.
  const heard = new Set(work.anywhere ? connectionOf.values() : [...work.rechecks].flatMap((source) => connectionOf.get(source) ?? []))
  for (const key of [...heard].sort()) if (key !== own) await jobs.ring(trx, { queue: 'pull-record', key })
  const patched = work.patches === null ? undefined : connectionOf.get(work.patches)
  if (patched !== undefined && patched !== own) await jobs.ring(trx, { queue: 'push', key: patched })
}

async function listen(server: Server, { port, host }: Settings): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new SettingsError(`port ${port} is taken; choose another with --port or ACCORD_PORT`) : error),
    )
    server.listen(port, host, resolve)
  })
  return `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
}
