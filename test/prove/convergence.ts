/**
 * People who are edited in two CRMs at once, while doorbells come twice, late and in any order, and requests are overtaken by edits. When all is
 * quiet both CRMs say the same, and what the model says; no system was written to more often than something really changed; and ringing for
 * everybody once more writes nothing.
 */
import { saveRechecks } from '../../src/store/outbox.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { push } from '../../src/tasks/sweep/push.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import type { Target } from '../../src/tasks/shell.ts'
import { consumer, mappingOf, world } from '../core/judge-world.ts'
import { startPostgres } from '../postgres.ts'
import { openBench, type Bench } from '../tasks/bench.ts'
import { convergenceCrm, type ConvergenceCrm, type Names } from './convergence-crm.ts'
import { editsOf, type Edit } from './convergence-edits.ts'
import { createModel } from './convergence-model.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

const SCHEDULES = 10_000
/** The short form does as many as fit. */
const SHORT_MS = 25_000
/** People whose schedules run side by side. */
const AT_ONCE = 250
const TICKS = 16
const LATEST_BELL = 8
/** Of each kind at one CRM, at once. */
const MOST_WORKERS = 2
/** Turns of the event loop that a CRM takes to answer. */
const SLOWEST = 40
const start = Date.parse('2026-06-01T12:00:00Z')
const never = new AbortController().signal

type Side = { target: Target; crm: ConvergenceCrm }
type Bell = { side: 0 | 1; id: string; due: number }
type Round = {
  bench: Bench
  random: Random
  people: readonly string[]
  sides: Side[]
  models: ReadonlyMap<string, ReturnType<typeof createModel>>
  /** How often something really changed. */
  changes: Map<string, number>
  bells: Bell[]
  /** Edits that come in the middle of a request. */
  loose: Edit[]
  /** What happened to each person, in order. */
  notes: Map<string, string[]>
  tick: number
  serial: number
}

const names: readonly [Names, Names] = [
  {
    yes: 'consent_newsletter_email',
    at: 'consent_newsletter_email_date',
    text: 'consent_newsletter_email_text',
    optOut: 'hs_email_optout',
    accord: 'accord_consent_newsletter_email',
    other: 'jobtitle',
  },
  {
    yes: 'Consent_Newsletter_Email__c',
    at: 'Consent_Newsletter_Email_Date__c',
    text: 'Consent_Newsletter_Email_Text__c',
    optOut: 'HasOptedOutOfEmail',
    accord: 'Accord_C_newsletter_email__c',
    other: 'Title',
  },
]
const mappings = [mappingOf('hubspot', 'contacts'), mappingOf('salesforce', 'Contact')] as const

export const convergence: Proof = async ({ short, seed, say }) => {
  const violations: string[] = []
  const server = await startPostgres()
  const began = performance.now()
  let trials = 0
  try {
    for (let round = 0; trials < SCHEDULES && (!short || performance.now() - began < SHORT_MS); round++) {
      const bench = await openBench(server.url)
      try {
        const found = (await runRound(bench, randomFrom(seed + round))).map((line) => `seed ${seed + round}: ${line}`)
        for (const line of found) say(line)
        violations.push(...found)
      } finally {
        await bench.close()
      }
      trials += AT_ONCE
      say(`${trials} schedules, ${violations.length} violations`)
    }
  } finally {
    await server.stop()
  }
  return { trials, violations }
}

async function runRound(bench: Bench, random: Random): Promise<string[]> {
  const round = await openRound(bench, random)
  const edits = round.people.flatMap((id) => editsOf(id, TICKS, random))
  for (round.tick = 1; round.tick <= TICKS + LATEST_BELL; round.tick++) {
    const due = edits.filter((edit) => edit.tick === round.tick)
    for (const edit of due)
      if (random(2) === 0) round.loose.push(edit)
      else make(round, edit)
    await deliver(round, round.tick)
    const some = round.sides.flatMap(({ target }) => [
      ...Array.from({ length: random(MOST_WORKERS + 1) }, () => read(round, target)),
      ...Array.from({ length: random(MOST_WORKERS + 1) }, () => push(bench.shell, target, () => undefined, never)),
    ])
    await Promise.all(some)
    for (const edit of round.loose.splice(0)) make(round, edit)
  }
  const restless = await quiet(round)
  const found = round.people.flatMap((id) => faultsOf(round, id))
  return [...restless, ...found, ...(await echoes(round))].map((line) => withNotes(round, line))
}

/** The first word of a fault is the person. */
function withNotes({ notes }: Round, line: string): string {
  return [line, ...(notes.get(line.split(' ')[0]!) ?? [])].join('\n  ')
}

async function openRound(bench: Bench, random: Random): Promise<Round> {
  const people = Array.from({ length: AT_ONCE }, (_, index) => String(1_001 + index))
  const models = new Map(people.map((id) => [id, createModel()]))
  const changes = new Map(people.map((id) => [id, 0]))
  const notes = new Map(people.map((id) => [id, [] as string[]]))
  const round: Round = { bench, random, people, models, changes, sides: [], bells: [], loose: [], notes, tick: 0, serial: 0 }
  for (const side of [0, 1] as const) {
    const connection = side === 0 ? 'hubspot' : 'salesforce'
    const { judge, record } = world({ mapping: mappings[side], connection })
    const { target } = await bench.add(connection, judge)
    const crm = convergenceCrm(connection, target.source.object, names[side], {
      pause: () => pause(round),
      now: () => timeOf(round),
      ring: (id) => ring(round, side, id),
      look: (id, seen) => models.get(id)!.see(side, seen),
      contest: (id, at) => models.get(id)!.contest(side, at),
      note: (id, line) => notes.get(id)!.push(`${round.tick}.${round.serial} ${connection} ${line}`),
    })
    for (const id of people) {
      const own = { ...(side === 0 ? consumer : person), [mappings[side].emails[0]!]: `ada.martin${id}@example.fr` }
      crm.rows.set(id, { fields: { ...record(own) }, modifiedAt: timeOf(round), ticked: 'nobody', writes: 0 })
    }
    round.sides.push({ target: { ...target, connector: crm.connector }, crm })
    await bench.shell.db.transaction().execute((trx) =>
      saveRechecks(
        trx,
        people.map((id) => ({ source: target.source.id, id, reason: 'heard' })),
      ),
    )
  }
  for (const { target } of round.sides) {
    const { records } = await target.connector.get({ object: target.source.object, ids: people, fields: [] }, never)
    await applyBatch(bench.shell, bench.landscape, target, { records, gone: [] }, 'keep')
  }
  await quiet(round)
  for (const { crm } of round.sides) for (const row of crm.rows.values()) row.writes = 0
  return round
}

/** The same person as `consumer`, in Salesforce. */
const person = { FirstName: consumer['firstname'] ?? null, LastName: consumer['lastname'] ?? null, MailingCountry: 'France' }

function timeOf(round: Round): number {
  return start + ++round.serial * 1_000
}

async function pause(round: Round): Promise<void> {
  // Some requests take longer than others.
  for (let turns = 1 + round.random(SLOWEST); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
  for (let some = round.random(1 + round.loose.length); some > 0; some--) make(round, round.loose.pop()!)
}

function make(round: Round, edit: Edit): void {
  const { crm } = round.sides[edit.side]!
  const at = timeOf(round)
  if (crm.edit(edit.id, edit.change(crm.names, at), at)) round.changes.set(edit.id, round.changes.get(edit.id)! + 1)
}

/** Once to three times, now or later. */
function ring(round: Round, side: 0 | 1, id: string): void {
  for (let times = 1 + round.random(3); times > 0; times--) round.bells.push({ side, id, due: round.tick + round.random(LATEST_BELL) })
}

async function deliver(round: Round, until: number): Promise<number> {
  const due = round.bells.filter((bell) => bell.due <= until)
  round.bells = round.bells.filter((bell) => bell.due > until)
  const rechecks = due.map(({ side, id }) => ({ source: round.sides[side]!.target.source.id, id, reason: 'heard' as const }))
  await round.bench.shell.db.transaction().execute((trx) => saveRechecks(trx, rechecks))
  return due.length
}

async function read({ bench }: Round, target: Target): Promise<number> {
  return recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, never)
}

/** Until nobody rings, nothing is to be read again and nothing is waiting. */
async function quiet(round: Round): Promise<string[]> {
  for (let turn = 0; turn < 20; turn++) {
    let moved = await deliver(round, Infinity)
    for (const { target } of round.sides) moved += await read(round, target)
    for (const { target } of round.sides) {
      const counts = await push(round.bench.shell, target, () => undefined, never)
      moved += Object.values(counts).reduce((sum, count) => sum + count, 0)
    }
    if (moved === 0) return []
  }
  return ['it never comes to rest']
}

function faultsOf(round: Round, id: string): string[] {
  const { statuses, optedOut } = round.models.get(id)!.outcome()
  const changes = round.changes.get(id)!
  const [one, two] = round.sides.map(({ crm }) => crm.rows.get(id)!.fields[crm.names.accord])
  if (one !== two) return [`${id} ends as ${one} in one CRM and as ${two} in the other`]
  return round.sides.flatMap(({ crm }, side) => {
    const { fields, writes } = crm.rows.get(id)!
    const said = fields[crm.names.accord]
    return [
      ...(statuses.includes(String(said)) ? [] : [`${id} ends as ${said} in CRM ${side} where the model says ${statuses.join(' or ')}`]),
      ...(optedOut && said === 'withdrawn' && fields[crm.names.optOut] !== 'true' ? [`${id} may still be mailed by CRM ${side}`] : []),
      ...(writes > changes ? [`${id} was written to ${writes} times in CRM ${side} for ${changes} changes`] : []),
    ]
  })
}

/** Everybody rings once more, and nothing is written. */
async function echoes(round: Round): Promise<string[]> {
  const before = round.sides.map(({ crm }) => round.people.map((id) => crm.rows.get(id)!.writes))
  for (const id of round.people) for (const side of [0, 1] as const) ring(round, side, id)
  await quiet(round)
  return round.sides.flatMap(({ crm }, side) =>
    round.people.flatMap((id, index) =>
      crm.rows.get(id)!.writes === before[side]![index] ? [] : [`${id} was written to by an echo in CRM ${side}`],
    ),
  )
}
