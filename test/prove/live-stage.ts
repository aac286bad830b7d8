/** Both sandbox CRMs telling a service on a real Postgres of every change, and how to know that it has done everything that follows. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openWork } from '../../src/store/inbox.ts'
import { useCrms, type CrmUser } from '../flows/crms.ts'
import { sandboxEnv } from '../flows/scene.ts'
import { asAdmin, freshDatabase, type OwnPostgres } from '../postgres.ts'
import { freePort, subscribe, webhookEnv } from '../webhooks.ts'
import { trackedFields } from './crm-state.ts'

const OUTBOUND_SECRET = 'sandbox-outbound-secret-0001'

export type Stage = {
  sandbox: Sandbox
  crm: CrmUser
  server: OwnPostgres
  root: string
  /** Of the process that hears. */
  port: number
  env: (database: string) => Record<string, string>
  pull: (lever: string, body?: unknown) => Promise<Record<string, unknown>>
  say: (line: string) => void
}

export async function prepareStage(sandbox: Sandbox, server: OwnPostgres, root: string, say: Stage['say']): Promise<Stage> {
  const crm = useCrms(sandbox)
  const port = await freePort()
  const organisation = String((await crm.rows('SELECT Id FROM Organization'))[0]!['Id'])
  const env = {
    ...sandboxEnv(sandbox),
    ...webhookEnv(`http://127.0.0.1:${port}`),
    SALESFORCE_WEBHOOK_SECRET: OUTBOUND_SECRET,
    SALESFORCE_ORGANIZATION_ID: organisation,
    ACCORD_HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  return {
    sandbox,
    crm,
    server,
    root,
    port,
    say,
    // Signed heads belong to one ledger: each database has a folder of its own.
    env: (database) => ({ ...env, DATABASE_URL: database, ACCORD_DATA: join(root, new URL(database).pathname), ACCORD_PORT: String(port) }),
    pull: async (lever, body = {}) => {
      const response = await fetch(`${sandbox.control}/${lever}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${lever}: ${response.status} ${await response.text()}`)
      return (await response.json()) as Record<string, unknown>
    },
  }
}

/** A database that nobody is connected to. */
export async function copyDatabase({ url }: OwnPostgres, from: string): Promise<string> {
  const copy = new URL(await freshDatabase(url))
  const [target, source] = [copy.pathname.slice(1), new URL(from).pathname.slice(1)]
  await asAdmin(url, (client) => client.query(`drop database ${target}`))
  await asAdmin(url, (client) => client.query(`create database ${target} template ${source}`))
  // In a folder of its own it is signed with a key of its own.
  await asAdmin(copy.href, (client) => client.query('delete from ledger_key'))
  return copy.href
}

/** Both CRMs tell the service of every change; going back to a snapshot has undone it. */
export async function connectCrms({ sandbox, crm, port, pull }: Stage): Promise<void> {
  const url = `http://127.0.0.1:${port}`
  await pull('hubspot/index-lag', { ms: 0 })
  await pull('hubspot/opt-out-lag', { ms: 50 })
  await pull('hubspot/webhooks', { timestamps: 'machine', duplicates: 0.1, reorder: true })
  await subscribe(sandbox.hubspot, `${url}/webhooks/hubspot`)
  await pull('salesforce/track-history', { object: 'Contact', fields: await trackedFields(crm) })
  await pull('salesforce/outbound-message', {
    name: 'contacts',
    object: 'Contact',
    url: `${url}/webhooks/salesforce/${OUTBOUND_SECRET}`,
    fields: ['Email'],
  })
}

/** Until the CRMs have nothing more to tell, and nothing is left to be done of what they told: several times in a row, for a write is news again. */
export async function untilQuiet(
  stage: Stage,
  url: string,
  { patienceMs, sweeps }: { patienceMs: number; sweeps: number },
): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  for (let calm = 0; calm < 3;) {
    const told = {
      hubspot: (await stage.pull('hubspot/deliver'))['pending'],
      salesforce: (await stage.pull('salesforce/deliver'))['waiting'],
    }
    const silent = Number(told.hubspot) === 0 && Number(told.salesforce) === 0
    calm = silent && (await isDone(url, stage.root, sweeps)) ? calm + 1 : 0
    if (performance.now() > deadline) {
      stage.say(`still to be told: ${JSON.stringify(told)}`)
      return false
    }
    await pause(500)
  }
  return true
}

/** Nothing waits to be read or sent, and that many connections were swept. */
export async function isDone(url: string, dir: string, sweeps = 0): Promise<boolean> {
  const { db, pool, close } = await openDatabase({ url, dir, log: () => undefined })
  try {
    const { heard, patches } = await openWork(db)
    const { rows } = await pool.query<{ n: number }>('select count(distinct connection)::int as n from sweep where finished_at is not null')
    return heard.length === 0 && patches.length === 0 && rows[0]!.n >= sweeps
  } finally {
    await close()
  }
}
