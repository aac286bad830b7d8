/** From a change in one CRM to the consent that is written in the other, over the real service: webhook, re-read, judgement, write. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { contact, contactId, noonAgo, proved, sfId, sfRow } from '../test/flows/world.ts'
import { useCrms } from '../test/flows/crms.ts'
import { freshDatabase, startPostgres } from '../test/postgres.ts'
import { runCommand, startServing } from '../test/service-process.ts'
import { freePort, subscribe, webhookEnv } from '../test/webhooks.ts'
import { round, startSandbox, unthrottled, type BenchContext, type Measure, type SandboxProcess } from './measure.ts'

/** Time between two changes: about what a busy team and a mailing of a hundred thousand cause. */
const EVERY_MS = 60
const LOOK_EVERY_MS = 50
/** One that is not there after so long never comes. */
const PATIENCE_MS = 60_000

export async function live({ quick, say }: BenchContext): Promise<Measure[]> {
  const changes = quick ? 60 : 1_000
  const root = await mkdtemp(join(tmpdir(), 'accord-live-'))
  const server = await startPostgres()
  await writeTwins(join(root, 'seed'), changes)
  const sandbox = await startSandbox(['--seed', join(root, 'seed'), '--rate-limit', 'off'])
  try {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = {
      ...unthrottled(sandbox),
      ...webhookEnv(url),
      DATABASE_URL: await freshDatabase(server.url),
      ACCORD_DATA: join(root, 'data'),
      ACCORD_PORT: String(port),
    }
    for (const command of ['provision', 'sweep']) await runCommand([command], env)
    await subscribe(sandbox.hubspot, `${url}/webhooks/hubspot`)
    const service = await startServing([], env)
    try {
      await pause(2_000)
      const took = await change(sandbox, changes, say)
      for (const line of (await (await fetch(`${url}/metrics`)).text()).matchAll(/^accord_webhook_answers.*$/gm)) say(`  ${line[0]}`)
      return report(took, changes)
    } finally {
      await service.stop()
    }
  } finally {
    sandbox.stop()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

/** Milliseconds from each change to its effect in the other CRM, in ascending order. */
async function change(sandbox: SandboxProcess, changes: number, say: (line: string) => void): Promise<number[]> {
  const crm = useCrms(sandbox)
  const begun = new Map<string, number>()
  const took: number[] = []
  const deadline = performance.now() + changes * EVERY_MS + PATIENCE_MS
  const watching = (async () => {
    while (took.length < changes && performance.now() < deadline) {
      const rows = await crm.rows("SELECT Id FROM Contact WHERE Accord_C_newsletter_email__c = 'withdrawn'")
      const now = performance.now()
      for (const { Id } of rows) {
        const since = begun.get(String(Id))
        if (since === undefined) continue
        begun.delete(String(Id))
        took.push(now - since)
      }
      await pause(LOOK_EVERY_MS)
    }
  })()
  for (let id = 1; id <= changes; id++) {
    begun.set(sfId('Contact', id), performance.now())
    await crm.editContact(contactId(id), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(0) })
    if (id % 250 === 0) say(`  ${id} changes, ${took.length} arrived`)
    await pause(EVERY_MS)
  }
  await watching
  return took.sort((a, b) => a - b)
}

function report(took: readonly number[], changes: number): Measure[] {
  const at = (share: number): number => round((took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Infinity) / 1_000, 2)
  const note = `${took.length} of ${changes} changes arrived; slowest ${at(1)} s`
  return [
    { name: 'change in HubSpot → written in Salesforce, p50', value: at(0.5), unit: 's', goal: 'reported', pass: null, note },
    {
      name: 'change in HubSpot → written in Salesforce, p95',
      value: at(0.95),
      unit: 's',
      goal: '< 3',
      pass: took.length === changes && at(0.95) < 3,
      note,
    },
  ]
}

async function writeTwins(dir: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => index + 1)
  const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n')
  await mkdir(join(dir, 'hubspot'), { recursive: true })
  await mkdir(join(dir, 'salesforce'), { recursive: true })
  const address = (id: number): string => `person${id}@example.fr`
  await writeFile(join(dir, 'hubspot', 'contacts.jsonl'), lines(ids.map((id) => contact(id, 'Alba', address(id), proved('hubspot', 30)))))
  await writeFile(
    join(dir, 'salesforce', 'Contact.jsonl'),
    lines(ids.map((id) => sfRow('Contact', id, 'Alba', address(id), proved('salesforce', 30)))),
  )
}
