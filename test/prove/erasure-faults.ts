/**
 * One erasure in both CRMs, over and over, each time with a fault at another place: before and after each commit of the database, at and after each call to a
 * CRM. Each must end proved, with each thing done once, and with nobody else touched (the method is SQLite's: every n-th operation).
 */
import { createAccord } from '../../src/accord.ts'
import { openErasureDeps } from '../../src/rights.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { loadRequestEvents } from '../../src/store/requests.ts'
import { listRequests } from '../../src/store/request-lists.ts'
import { advanceRequest } from '../../src/tasks/request/advance.ts'
import { approveRequest } from '../../src/tasks/request/decisions.ts'
import type { Changed } from '../../src/tasks/request/file.ts'
import { toApprove } from '../../src/core/erasure/erasure.ts'
import { always, DAY, stageRights, type RightsScene } from '../flows/rights-scene.ts'
import { sfRow } from '../flows/world.ts'
import { freshDatabase, startOwnPostgres } from '../postgres.ts'
import { everybodyElse } from './bystanders.ts'
import { faultyDatabase, type CommitFault } from './faulty-database.ts'
import { callFaults, doneTwice, faultyNetwork, type CallFault } from './faulty-network.ts'
import type { Proof } from './proof.ts'
import { randomFrom } from './random.ts'

type Point = { commit: CommitFault; call: null } | { commit: null; call: CallFault }
/** `twice`: what had two effects; `met`: whether the fault was. */
type Ran = { commits: number; calls: number; twice: readonly string[]; met: boolean }

const MINUTE = 60_000
/** A fault costs a minute or two; more than these and it has no end. */
const MOST_ROUNDS = 6
const MOST_TRIES = 4

export const erasureFaults: Proof = async ({ short, seed, say }) => {
  const server = await startOwnPostgres({ durable: false })
  const rights = await stageRights({
    world: { salesforce: { Contact: [sfRow('Contact', 1, 'Zoé', null)] } },
    database: await freshDatabase(server.url),
  })
  const violations: string[] = []
  try {
    await createAccord(rights.opened().parts).provision(false, always)
    const bystanders = await plantBystanders(rights)
    const before = await everybodyElse(rights.scene.sandbox, bystanders)
    const plain = await carry(rights, 'plain', null)
    say(`an erasure makes ${plain.commits} commits and ${plain.calls} calls`)
    const points = chosen(pointsOf(plain), short, seed)
    for (const [index, point] of points.entries()) {
      const name = nameOf(point)
      try {
        const ran = await meet(rights, `f${index}`, point)
        violations.push(...ran.twice.map((what) => `${name}: ${what}`))
      } catch (error) {
        violations.push(`${name}: ${(error as Error).message}`)
      }
    }
    await rights.advance(2 * DAY)
    violations.push(...(await stillProved(rights)))
    const after = await everybodyElse(rights.scene.sandbox, bystanders)
    for (const [key, text] of before) if (after.get(key) !== text) violations.push(`${key} belongs to somebody else and was touched`)
    say(`${points.length} points, ${before.size} records of others compared`)
    return { trials: points.length, violations }
  } finally {
    await rights.close()
    await server.stop()
  }
}

/** What ends within a second is stored in one commit: how many there are depends on the machine, and a commit that is not there this time is in another. */
async function meet(rights: RightsScene, name: string, point: Point): Promise<Ran> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const ran = await carry(rights, tries === 1 ? name : `${name}-${tries}`, point)
    if (ran.met || ran.twice.length > 0) return ran
  }
  throw new Error('the fault was never met')
}

function pointsOf({ commits, calls }: Pick<Ran, 'commits' | 'calls'>): Point[] {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)
  return [
    ...numbers(commits).flatMap((n) =>
      (['before', 'after'] as const).flatMap((when) => [false, true].map((dies): Point => ({ commit: { n, when, dies }, call: null }))),
    ),
    ...numbers(calls).flatMap((n) => callFaults.map((kind): Point => ({ commit: null, call: { n, kind } }))),
  ]
}

/** The short form meets every commit and every call once, each in one of the ways, another for each seed. */
function chosen(points: readonly Point[], short: boolean, seed: number): readonly Point[] {
  if (!short) return points
  const random = randomFrom(seed)
  const places = Map.groupBy(points, (one) => (one.commit === null ? `call ${one.call.n}` : `commit ${one.commit.n} ${one.commit.when}`))
  return [...places.values()].map((ways) => ways[random(ways.length)]!)
}

function nameOf({ commit, call }: Point): string {
  return commit === null ? `call ${call.n}, ${call.kind}` : `${commit.when} commit ${commit.n}${commit.dies ? ', and dies' : ''}`
}

/** A person in both CRMs with things around them, asked for, approved and erased through the fault; then what is left of it without. */
async function carry(rights: RightsScene, name: string, point: Point | null): Promise<Ran> {
  const email = await plantPerson(rights, name)
  const { id } = await rights.ask(email)
  const { parts, database } = rights.opened()
  const faulty = faultyDatabase(database.pool, point?.commit ?? null)
  const network = faultyNetwork(point?.call ?? null)
  try {
    const deps = openErasureDeps(rights.opened(), { ...parts.shell, db: faulty.db, log: () => undefined })
    const shown = toApprove((await rights.load(id)).erasure)!
    const approve = (): Promise<Changed> => approveRequest(deps, id, { user: 'u1', digest: shown.digest, count: shown.records })
    // Whoever hears of a failure tries again, as a user would.
    await orFault(approve())
    await orFault(advanceRequest(deps, id, always))
    const met = point === null || faulty.commits() >= (point.commit?.n ?? 0)
    for (let round = 1; !(await isSettled(rights, id)); round++) {
      if (round > MOST_ROUNDS) throw new Error('it does not come to its end')
      if ((await rights.load(id)).erasure.status === 'planned') await rights.approve(id)
      await rights.run(id)
      await rights.advance(2 * MINUTE)
    }
    const { erasure } = await rights.load(id)
    const traces = 'items' in erasure ? erasure.items.map(({ trace }) => trace) : []
    if (traces.length !== 2 || traces.some((trace) => trace !== 'absent' && trace !== 'purging'))
      throw new Error(`ended with ${traces.join(', ')}`)
    return {
      met,
      commits: faulty.commits(),
      calls: network.calls(),
      twice: [...doneTwice(network.effects), ...(await reportedTwice(rights, id))],
    }
  } finally {
    network.restore()
    await faulty.db.destroy()
  }
}

async function orFault(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!/Connection terminated/.test((error as Error).message)) throw error
  }
}

async function isSettled(rights: RightsScene, id: string): Promise<boolean> {
  return (await rights.load(id)).erasure.status === 'settled'
}

async function reportedTwice(rights: RightsScene, id: string): Promise<string[]> {
  const steps = (await loadRequestEvents(rights.opened().database.db, id)).flatMap(({ event }) =>
    event.type === 'reported' ? [`${event.step.round} ${event.step.act} ${event.step.connection}`] : [],
  )
  return [...Map.groupBy(steps, (step) => step)].flatMap(([step, { length }]) => (length > 1 ? [`${step} is noted ${length} times`] : []))
}

/** Two days on: every purge of the vendors is over, and everything is proved. */
async function stillProved(rights: RightsScene): Promise<string[]> {
  const { db } = rights.opened().database
  const violations: string[] = []
  for (const { id } of (await listRequests(db, 10_000)).files) {
    const { erasure } = await rights.run(id)
    if (erasure.status !== 'settled' || erasure.standing !== 'proved')
      violations.push(`request ${id} is ${erasure.status === 'settled' ? erasure.standing : erasure.status} after two days`)
  }
  const chain = await verifyLedger(db, { checkpoints: [], keys: new Map() })
  return chain.ok ? violations : [...violations, `the chain breaks at ${chain.seq}`]
}

async function plantPerson({ scene: { crm }, hubspot }: RightsScene, name: string): Promise<string> {
  const email = `${name}@example.test`
  const contact = await crm.createContact({ email, firstname: 'Ada', lastname: `Roux ${name}` })
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }]
  await hubspot('POST', '/crm/v3/objects/notes', {
    properties: { hs_note_body: 'likes tea', hs_timestamp: '2026-01-01T00:00:00Z' },
    associations: [{ to: { id: contact }, types }],
  })
  const twin = await crm.createRow('Contact', { FirstName: 'Ada', LastName: `Roux ${name}`, Email: email })
  await crm.createRow('Case', { Subject: 'broken', ContactId: twin, SuppliedEmail: email })
  return email
}

/** Look-alikes and others: their records must stay as they are. */
async function plantBystanders({ scene: { crm } }: RightsScene): Promise<{ contacts: string[]; rows: string[] }> {
  const contacts: string[] = []
  const rows: string[] = []
  for (const name of ['ada', 'xplain', 'plain.roux', 'bob', 'f', 'f1x']) {
    contacts.push(await crm.createContact({ email: `${name}@example.test`, firstname: 'Ada', lastname: 'Roux' }))
    rows.push(await crm.createRow('Contact', { FirstName: 'Ada', LastName: 'Roux', Email: `${name}@example.test` }))
  }
  return { contacts, rows }
}
