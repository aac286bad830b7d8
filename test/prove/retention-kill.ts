/**
 * kill -9 of the service, from outside, in the middle of two retention lists that together pass the brake: nobody who is not on them is touched, nothing has
 * two effects, the brake stops at its very number however often the count was cut off, and all who began end proved.
 */
import { createAccord } from '../../src/accord.ts'
import { entriesOf } from '../../src/core/ledger/ledger.ts'
import { openRetentionDeps } from '../../src/rights.ts'
import { readBlocks, verifyLedger } from '../../src/store/ledger.ts'
import { spentSince } from '../../src/store/retention-due.ts'
import { loadCases, loadList } from '../../src/store/retention-lists.ts'
import { approveList } from '../../src/tasks/retention/approve.ts'
import type { RetentionDeps } from '../../src/tasks/retention/deps.ts'
import { advanceList } from '../../src/tasks/retention/retention.ts'
import { whatIf } from '../../src/tasks/retention/what-if.ts'
import { always, DAY, stageRights, type RightsScene } from '../flows/rights-scene.ts'
import { contact, contactId, daysAgo, noonAgo, sfId, sfRow } from '../flows/world.ts'
import { freshDatabase, startOwnPostgres } from '../postgres.ts'
import { everybodyElse } from './bystanders.ts'
import { doneTwice } from './faulty-network.ts'
import { killWhileItRuns, ownFields, recordBoth, type Recorded } from './killing.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

/** `people`: in each of two lists. `kills`: before the brake is met and behind it. */
type Size = { rounds: number; people: number; kills: readonly [number, number] }
const SHORT: Size = { rounds: 1, people: 16, kills: [3, 1] }
const FULL: Size = { rounds: 10, people: 60, kills: [6, 4] }
/** To the CRMs, until all who may go are gone. */
const CALLS = 200
/** Due as well, and on neither list; and those who are not due. */
const UNLISTED = 4
const NOT_DUE = 4

export const retentionKill: Proof = async ({ short, seed, say }) => {
  const random = randomFrom(seed)
  const size = short ? SHORT : FULL
  const server = await startOwnPostgres({ durable: false })
  const violations: string[] = []
  try {
    for (let round = 0; round < size.rounds; round++)
      violations.push(...(await killAmong(size, { url: await freshDatabase(server.url), random, say })))
    return { trials: size.rounds * (size.kills[0] + size.kills[1]), violations }
  } finally {
    await server.stop()
  }
}

type Trial = { url: string; random: Random; say: (line: string) => void }

async function killAmong({ people, kills }: Size, { url, random, say }: Trial): Promise<string[]> {
  const listed = 2 * people
  const brake = Math.floor(1.5 * people)
  const rights = await stageDue({ listed, brake, url })
  let recorded: Recorded | null = null
  try {
    const accord = createAccord(rights.opened().parts)
    await accord.provision(false, always)
    await accord.sweep({ full: false, keep: true, write: true, progress: () => undefined }, always)
    recorded = await recordBoth(rights)
    const deps = (): RetentionDeps => openRetentionDeps(rights.opened(), rights.deps().shell)
    const others = Array.from({ length: UNLISTED + NOT_DUE }, (_, i) => listed + 1 + i)
    const bystanders = { contacts: others.map(contactId), rows: others.map((id) => sfId('Contact', id)), but: ownFields }
    const before = await everybodyElse(rights.scene.sandbox, bystanders)
    const lists = [await released(deps(), 'ana', 2 * people), await released(deps(), 'ben', 2 * people)]
    const killing = { random, calls: CALLS, isEmbedded: false, isOpen: () => isOpen(deps(), lists) }
    const first = await killWhileItRuns(rights, recorded, { ...killing, count: kills[0] })
    for (const list of lists) await finish(deps(), list)
    const violations = await spentOther(deps(), brake)
    await letGoOn(deps(), lists)
    const second = await killWhileItRuns(rights, recorded, { ...killing, count: kills[1] })
    for (const days of [0, 2]) {
      await rights.advance(days * DAY)
      for (const list of lists) await finish(deps(), list)
    }
    violations.push(...(await spentOther(deps(), listed)), ...(await broken(deps(), lists, listed)), ...doneTwice(recorded.effects()))
    const after = await everybodyElse(rights.scene.sandbox, bystanders)
    for (const [key, text] of before) if (after.get(key) !== text) violations.push(`${key} is not on the list and was touched`)
    if (first + second === 0) violations.push('no kill came in time')
    say(
      `${kills[0] + kills[1]} kills over ${listed} people, ${first + second} before the end; ${recorded.calls()} calls, brake at ${brake}`,
    )
    return violations
  } finally {
    await recorded?.close()
    await rights.close()
  }
}

/** One person lets as many pass as the brake allows: each list alone is below it, both together are above. */
function stageDue({ listed, brake, url }: { listed: number; brake: number; url: string }): Promise<RightsScene> {
  const due = Array.from({ length: listed + UNLISTED }, (_, i) => i + 1)
  const fresh = Array.from({ length: NOT_DUE }, (_, i) => due.length + 1 + i)
  const old = { collection_date: daysAgo(1200), createdate: `${daysAgo(1200)}T08:00:00Z`, privacy_notice_date: daysAgo(1200) }
  const both = (id: number, hubspot: object, salesforce: object) => ({
    hubspot: contact(id, 'Alba', `person${id}@example.fr`, hubspot as Record<string, string>),
    salesforce: sfRow('Contact', id, 'Alba', `person${id}@example.fr`, salesforce as Record<string, string>),
  })
  // Who is not due has done something: where nobody ever did, no list is drawn up.
  const signedIn = { hubspot: { last_sign_in: noonAgo(10) }, salesforce: { Last_Sign_In__c: noonAgo(10).replace('Z', '+0000') } }
  const twins = [
    ...due.map((id) => both(id, old, { Collection_Date__c: daysAgo(1200) })),
    ...fresh.map((id) => both(id, signedIn.hubspot, signedIn.salesforce)),
  ]
  return stageRights({
    database: url,
    world: { hubspot: { contacts: twins.map((one) => one.hubspot) }, salesforce: { Contact: twins.map((one) => one.salesforce) } },
    policy: [
      [
        'maxShareErasedPerRun: 0.02, maxContactsErasedPerRun: 500, per: P30D, fourEyesAbove: 100, approvers: 2, waitAfterApproval: PT24H,',
        `maxShareErasedPerRun: 1, maxContactsErasedPerRun: ${brake}, raisedBecause: "a rehearsal", per: P30D, fourEyesAbove: 100000, approvers: 2, waitAfterApproval: PT0H,`,
      ],
    ],
  })
}

/** Draws up a list of that many records, and has one person approve it. */
async function released(deps: RetentionDeps, user: string, records: number): Promise<string> {
  const drawn = await whatIf(deps, { atMost: records, which: 'all' }, always)
  if (drawn.outcome !== 'shown') throw new Error(`nothing was shown: ${JSON.stringify(drawn)}`)
  const { retention } = (await loadList(deps.shell.db, drawn.list.id))!
  if (retention.status !== 'shown') throw new Error(`the list is ${retention.status}`)
  const changed = await approveList(deps, drawn.list.id, { user, digest: retention.shown.digest, count: records }, always)
  if (changed.outcome === 'refused' || changed.list.retention.status !== 'released') throw new Error('one person was not enough')
  return drawn.list.id
}

async function isOpen(deps: RetentionDeps, lists: readonly string[]): Promise<boolean> {
  for (const list of lists) {
    const { retention } = (await loadList(deps.shell.db, list))!
    for (const { case: one, erasure } of await loadCases(deps.shell.db, list)) {
      if (one.status === 'waiting' && retention.status === 'released') return true
      if (one.status === 'begun' && erasure.status !== 'settled') return true
    }
  }
  return false
}

/** What a next process does, without being disturbed. */
async function finish(deps: RetentionDeps, list: string): Promise<void> {
  for (;;) {
    const { outcome } = await advanceList(deps, list, always)
    if (outcome === 'busy' || outcome === 'stopped') return
    if (!(await isOpen(deps, [list]))) return
  }
}

/** Whoever met the brake goes on once a second person has said so. Which of the lists it is depends on where the kills came. */
async function letGoOn(deps: RetentionDeps, lists: readonly string[]): Promise<void> {
  const files = await Promise.all(lists.map((list) => loadList(deps.shell.db, list)))
  const met = files.flatMap((file) =>
    file?.retention.status === 'shown' && file.retention.braked ? [{ id: file.id, shown: file.retention.shown }] : [],
  )
  if (met.length !== 1) throw new Error(`${met.length} of the lists have met the brake instead of one`)
  const [{ id, shown }] = met as [(typeof met)[0]]
  const { digest, acts } = shown
  const count = Object.values(acts).reduce((sum, n) => sum + n, 0)
  const changed = await approveList(deps, id, { user: 'cleo', digest, count }, always)
  if (changed.outcome === 'refused') throw new Error(changed.message)
}

async function spentOther(deps: RetentionDeps, than: number): Promise<string[]> {
  const spent = await spentSince(deps.shell.db, new Date(deps.shell.now() - 30 * DAY).toISOString())
  return Object.entries(spent).flatMap(([connection, { inWindow }]) =>
    inWindow === than ? [] : [`${inWindow} records of ${connection} have begun instead of ${than}`],
  )
}

async function broken(deps: RetentionDeps, lists: readonly string[], listed: number): Promise<string[]> {
  const { db } = deps.shell
  const violations: string[] = []
  const persons = (await Promise.all(lists.map((list) => loadCases(db, list)))).flat()
  if (persons.length !== listed) violations.push(`${persons.length} people on the lists instead of ${listed}`)
  for (const { list, n, case: one, erasure } of persons) {
    const who = `person ${n} of ${list.slice(0, 4)}`
    if (one.status !== 'begun') violations.push(`${who} is ${one.status}`)
    else if (erasure.status !== 'settled' || !['proved', 'pending-vendor-purge'].includes(erasure.standing))
      violations.push(`${who} is ${erasure.status === 'settled' ? erasure.standing : erasure.status}`)
    else if (erasure.items.length !== 2) violations.push(`${who} has ${erasure.items.length} records`)
  }
  const seen = new Set<string>()
  for await (const block of readBlocks(db)) {
    for (const line of entriesOf(block)) {
      const [kind, list, , person, event] = JSON.parse(line) as [string, string, number, number | null, CaseLine]
      if (kind !== 'retention' || person === null) continue
      const { type, step } = event.event
      const what = JSON.stringify([list, person, type, step ?? null])
      if ((type === 'begun' || type === 'reported') && seen.has(what)) violations.push(`noted twice: ${what}`)
      seen.add(what)
    }
  }
  const chain = await verifyLedger(db, { checkpoints: [], keys: new Map() })
  return chain.ok ? violations : [...violations, `the chain breaks at ${chain.seq}`]
}

type CaseLine = { event: { type: string; step?: unknown } }
