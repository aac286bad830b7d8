/** People are erased while sweeps read page after page, old webhooks come again and pages from before are judged late: none comes back, nothing is written to a record that is gone. */
import { createAccord } from '../../src/accord.ts'
import { entriesOf } from '../../src/core/ledger/ledger.ts'
import { readBlocks, verifyLedger } from '../../src/store/ledger.ts'
import type { CrmRecord } from '../../src/connectors/connector.ts'
import { databaseTime } from '../../src/store/live-reads.ts'
import { savePatches } from '../../src/store/outbox.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import type { Landscape, Target } from '../../src/tasks/shell.ts'
import { storeEvents } from '../../src/store/inbox.ts'
import { followEvents, sendPatches } from '../../src/tasks/sweep/live.ts'
import { createPreparer } from '../../src/tasks/sweep/prepared.ts'
import { advanceRequests, TOGETHER } from '../../src/tasks/request/advance.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import { always, DAY, fileOf, stageRights, type RightsScene } from '../flows/rights-scene.ts'
import { contact, contactId, proved, sfId, sfRow } from '../flows/world.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

const emailOf = (n: number): string => `person.${n}@example.test`
/** So many are erased while nothing else is at work, so that what guards them shows by itself. */
const CALM = 4
/** So many requests are taken down side by side: each waits for the CRMs most of its time. */
const ASKING = 20
/** Every third stands in Salesforce as well. */
const inSalesforce = (n: number): boolean => n % 3 === 0

export const resurrection: Proof = async ({ short, seed, say }) => {
  const subjects = short ? 8 : 1_000
  const people = Array.from({ length: subjects * 2 }, (_, n) => n + 1)
  const server = await startPostgres()
  const name = (n: number) =>
    `P${String.fromCharCode(97 + (n % 26))}${String.fromCharCode(97 + (Math.floor(n / 26) % 26))}${String.fromCharCode(97 + (Math.floor(n / 676) % 26))}`
  const rights = await stageRights({
    database: await freshDatabase(server.url),
    latencyMs: 5,
    world: {
      hubspot: { contacts: people.map((n) => contact(n, name(n), emailOf(n), proved('hubspot', 10))) },
      salesforce: { Contact: people.filter(inSalesforce).map((n) => sfRow('Contact', n, name(n), emailOf(n), proved('salesforce', 20))) },
    },
  })
  try {
    await createAccord(rights.opened().parts).provision(false, always)
    const ids: string[] = []
    for (let n = 1; n <= subjects; n += ASKING) {
      const some = people.slice(n - 1, Math.min(n - 1 + ASKING, subjects))
      ids.push(...(await Promise.all(some.map((one) => rights.ask(emailOf(one))))).map(({ id }) => id))
    }
    say(`${subjects} people of ${people.length} asked to be erased`)
    await sweep(rights)
    const before = await readPages(rights)
    // At once, before anything else has read them again.
    await eraseAll(rights, ids.slice(0, CALM))
    const late = await judgeLate(rights, before, ids.slice(0, CALM))
    const stirred = await stir(rights, ids.slice(CALM), { subjects, random: randomFrom(seed) })
    say(`erased beside ${stirred.sweeps} sweeps and ${stirred.replays} rounds of old events`)
    late.push(...(await judgeLate(rights, before, ids)))
    await sweep(rights)
    const violations = [
      ...late,
      ...(await recreated(rights, subjects, people.length)),
      ...(await written(rights)),
      ...(await unproved(rights, ids)),
    ]
    return { trials: subjects, violations }
  } finally {
    await rights.close()
    await server.stop()
  }
}

type LatePages = { since: string; pages: readonly { connection: string; object: string; records: readonly CrmRecord[] }[] }

/** What a sweep reads that then takes long over it: every record, before anybody is erased. */
async function readPages(rights: RightsScene): Promise<LatePages> {
  const since = await databaseTime(rights.deps().shell.db)
  const pages: LatePages['pages'][number][] = []
  for (const { connection, target } of await targetsOf(rights)) {
    const { object } = target.source
    for await (const { records } of target.connector.read({ object, fields: target.judge.reads }, always))
      pages.push({ connection, object, records })
  }
  return { since, pages }
}

/** Those pages are judged behind the erasures, and what a worker had decided to write before is sent: nobody who is gone is judged or written to. */
async function judgeLate(rights: RightsScene, { since, pages }: LatePages, ids: readonly string[]): Promise<string[]> {
  const { shell } = rights.deps()
  const erased = new Set(
    (await Promise.all(ids.map((id) => rights.load(id))))
      .flatMap(({ erasure }) => ('items' in erasure ? erasure.items : []))
      .map(({ key }) => key),
  )
  const violations: string[] = []
  for (const { connection, landscape, target } of await targetsOf(rights)) {
    const { object, id: source } = target.source
    const keyOf = ({ ref }: Pick<CrmRecord, 'ref'>): string => `${connection}:${object}:${ref.id}`
    const own = pages.filter((page) => page.connection === connection && page.object === object).flatMap(({ records }) => records)
    const gone = own.filter((record) => erased.has(keyOf(record)))
    const { decisions } = await applyBatch(shell, landscape, target, { records: own, gone: [], since, force: true }, 'keep')
    const judged = decisions.filter(({ id }) => erased.has(`${connection}:${object}:${id}`))
    violations.push(...judged.map(({ id }) => `${connection} ${id} was judged by a page from before its erasure`))
    const fields = { [target.judge.writes[0]!]: null }
    await savePatches(
      shell.db,
      gone.map(({ ref }) => ({ source, id: ref.id, fields })),
    )
    await sendPatches(shell, [target], always)
  }
  return violations
}

async function targetsOf(rights: RightsScene): Promise<{ connection: string; landscape: Landscape; target: Target }[]> {
  const { parts } = rights.opened()
  const prepare = createPreparer({ shell: parts.shell, linked: parts.linked, policy: parts.policy, today: parts.today })
  const all = await Promise.all(parts.linked.map(async ({ name }) => ({ name, prepared: await prepare(name, always) })))
  return all.flatMap(({ name, prepared }) =>
    (prepared?.targets ?? []).map((target) => ({ connection: name, landscape: prepared!.landscape, target })),
  )
}

/** Sweeps without end, old events again and again, and the erasures in between; until these are done. */
async function stir(
  rights: RightsScene,
  ids: readonly string[],
  { subjects, random }: { subjects: number; random: Random },
): Promise<{ sweeps: number; replays: number }> {
  const counts = { sweeps: 0, replays: 0 }
  let done = false
  const until = async (work: () => Promise<unknown>): Promise<void> => {
    while (!done) await work()
  }
  const erase = async (): Promise<void> => {
    try {
      await eraseAll(rights, ids)
    } finally {
      done = true
    }
  }
  const sweeping = until(async () => {
    await sweep(rights)
    counts.sweeps++
  })
  const hearing = until(async () => {
    await hearAgain(rights, subjects, random)
    counts.replays++
  })
  await erase()
  await Promise.all([sweeping, hearing])
  return counts
}

async function eraseAll(rights: RightsScene, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += TOGETHER) {
    const some = ids.slice(at, at + TOGETHER)
    for (const id of some) fileOf(await rights.approve(id))
    await advanceRequests(rights.deps(), some, always)
  }
}

async function sweep(rights: RightsScene): Promise<void> {
  const summaries = await createAccord(rights.opened().parts).sweep(
    { full: true, keep: true, write: true, progress: () => undefined },
    always,
  )
  for (const { error } of summaries) if (error) throw new Error(`${error.kind}: ${error.message}`)
}

let round = 0
/** As a CRM repeats what it has told before: each with a number of its own, so that none is passed over. */
async function hearAgain(rights: RightsScene, subjects: number, random: Random): Promise<void> {
  const { parts } = rights.opened()
  round++
  const events = Array.from({ length: 10 }, (_, index) => {
    const n = 1 + random(subjects)
    const kind = random(2) === 0 ? 'created' : 'changed'
    const head = { key: `${round} ${index}`, kind, at: Date.now() - DAY }
    return inSalesforce(n) && random(2) === 0
      ? { ...head, connection: 'salesforce', object: 'Contact', id: sfId('Contact', n) }
      : { ...head, connection: 'hubspot', object: 'contacts', id: contactId(n) }
  })
  const prepare = createPreparer({ shell: parts.shell, linked: parts.linked, policy: parts.policy, today: parts.today })
  for (const connection of new Set(events.map((event) => event.connection))) {
    await parts.shell.db.transaction().execute((trx) =>
      storeEvents(
        trx,
        events.filter((event) => event.connection === connection),
      ),
    )
    const prepared = await prepare(connection, always)
    if (prepared === null) continue
    await followEvents(parts.shell, connection, prepared, always)
    await sendPatches(parts.shell, prepared.targets, always)
  }
}

/** What the CRMs hold in the end: nobody who was erased, everybody else. */
async function recreated(rights: RightsScene, subjects: number, people: number): Promise<string[]> {
  const found: string[] = []
  for (let n = 1; n <= people; n += 100) {
    const inputs = Array.from({ length: Math.min(100, people - n + 1) }, (_, i) => ({ id: emailOf(n + i) }))
    const body = { idProperty: 'email', inputs, properties: ['email'] }
    const { results } = (await rights.hubspot('POST', '/crm/v3/objects/contacts/batch/read', body)) as {
      results: { properties: { email: string } }[]
    }
    found.push(...results.map(({ properties }) => properties.email))
  }
  const rows = await rights.scene.crm.rows('SELECT Email FROM Contact')
  const numberOf = (email: unknown): number => Number(/^person\.(\d+)@/.exec(String(email))?.[1] ?? 0)
  const back = [...found, ...rows.map(({ Email }) => Email)].map(numberOf).filter((n) => n > 0 && n <= subjects)
  const left = found.map(numberOf).filter((n) => n > subjects).length
  return [
    ...back.map((n) => `person ${n} is there again`),
    ...(left === people - subjects ? [] : [`${people - subjects - left} others are missing`]),
  ]
}

/** By the ledger, which has each write with its answer: none to a record after the step that erased it. */
async function written(rights: RightsScene): Promise<string[]> {
  const { db } = rights.deps().shell
  const report = await verifyLedger(db, { checkpoints: [], keys: new Map() })
  const erased = new Set<string>()
  const late: string[] = []
  for await (const block of readBlocks(db)) {
    for (const line of entriesOf(block)) {
      const entry = JSON.parse(line) as unknown[]
      if (entry[0] === 'patch' && erased.has(String(entry[1])))
        late.push(`a write to ${String(entry[1])} after its erasure: ${String(entry[2])}`)
      if (entry[0] !== 'request' || entry[3] !== 'erasure') continue
      const { type, report: told } = entry[4] as { type: string; report?: { deeds: { key: string; outcome: string }[] } }
      if (type === 'reported')
        for (const { key, outcome } of told?.deeds ?? [])
          if (outcome === 'erased' || outcome === 'gone') erased.add(key.replaceAll(':', '/'))
    }
  }
  // HubSpot's own answers: an update of a record that is not there is no 200.
  const { lines } = (await (await fetch(`${rights.scene.sandbox.control}/log?crm=hubspot&last=10000`)).json()) as {
    lines: { method: string; route: string; status: number }[]
  }
  const missed = lines.filter(({ route, status }) => route.endsWith('/batch/update') && status !== 200)
  return [
    ...late,
    ...missed.map(({ route, status }) => `${route} answered ${status}`),
    ...(erased.size === 0 ? ['the ledger tells of no erasure'] : []),
    ...(report.ok ? [] : [`the chain breaks at ${report.seq}`]),
  ]
}

async function unproved(rights: RightsScene, ids: readonly string[]): Promise<string[]> {
  const violations: string[] = []
  for (const id of ids) {
    const { erasure } = await rights.load(id)
    const standing = 'standing' in erasure ? erasure.standing : erasure.status
    if (standing !== 'proved' && standing !== 'pending-vendor-purge') violations.push(`request ${id.slice(0, 8)} is ${standing}`)
  }
  return violations
}
