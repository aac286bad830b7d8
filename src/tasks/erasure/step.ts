/** Carries out one step of an erasure and tells what came of it. Safe to run twice; what it decides on is in `core`, what it keeps is the caller's. */
import { ConnectorError, type RecordRef } from '../../connectors/connector.ts'
import type { AttachedResult, Traits } from '../../connectors/erasure.ts'
import { withHeld } from '../../core/erasure/erasure.ts'
import type { Around, Deed, ErasureIn, ItemState, Report, Returned, Sight, Step, Trace } from '../../core/erasure/erasure.ts'
import type { Person } from '../../core/erasure/select.ts'
import type { Alone } from './alone.ts'
import { heldSince, isFresh, noteRead, type Holding, type Instant } from './held.ts'
import { seek, type Side } from './seek.ts'

/**
 * Who it is about, in clear: decrypted for the time of one step. `person` is whom the plan found, with all addresses. `alone`: those of them that nobody else has,
 * as the plan found it; before a plan, and of one that an earlier version made, none is known to be.
 */
export type Subject = { readonly person: Person; readonly names: Traits['names']; readonly alone?: Alone }
export type World = {
  readonly sides: readonly Side[]
  readonly homeCountry: string
  readonly holding: Holding
  readonly at: Instant
  /** Puts the person on the suppression list: keyed hashes in our own tables. */
  readonly suppress: (emails: readonly string[], phones: readonly string[]) => Promise<void>
  /** `seekOnce` where several connections are looked at in the same moment. */
  readonly seek?: typeof seek
}

const nothing: Report = { deeds: [], sights: [], returned: [], around: [] }

/** Throws what the connectors throw: a step that could not be carried out is still due. */
export async function carryOut(
  world: World,
  state: ErasureIn<'running'>,
  step: Step,
  subject: Subject,
  signal: AbortSignal,
): Promise<Report> {
  if (step.act === 'suppress') {
    // Not the former addresses: somebody else may have them now.
    await world.suppress(subject.person.emails, subject.person.phones)
    return nothing
  }
  const side = world.sides.find(({ connection }) => connection === step.connection)
  if (side === undefined)
    throw new ConnectorError('refused', `there is no connection ${step.connection ?? ''} any more; what it holds cannot be erased`)
  const items = state.items.filter(({ connection }) => connection === step.connection)
  switch (step.act) {
    case 'silence':
      // Whoever is kept by law is kept, not written to.
      return {
        ...nothing,
        around: await silenced(
          side,
          items.filter(({ trace }) => trace !== 'absent'),
          signal,
        ),
      }
    case 'prepare':
    case 'erase':
      return destroyed(world, side, state, { act: step.act, items }, subject, signal)
    case 'look':
      return look(world, side, state, subject, signal)
    default:
      return step.act satisfies never
  }
}

/** First whether anything has come up that obliges to keep a record, unless it was asked a moment ago: neither it nor what hangs on it is touched then. */
async function destroyed(
  world: World,
  side: Side,
  { plan, round }: ErasureIn<'running'>,
  { act, items }: { act: 'prepare' | 'erase'; items: readonly ItemState[] },
  subject: Subject,
  signal: AbortSignal,
): Promise<Report> {
  const reading = { plan, step: `${round}:${side.connection}`, at: world.at }
  const known = act === 'erase' && isFresh(reading)
  const held = known ? [] : await heldSince(side, { plan }, items, world.holding, signal)
  if (!known) noteRead(reading)
  const left = withHeld(items, held, plan.occasion)
  const report =
    act === 'prepare'
      ? { ...nothing, around: await prepared(side, left.filter(isGoing), destroyedBy(world, subject, left), signal) }
      : await deedsOf(world, side, left, subject, signal)
  return held.length === 0 ? report : { ...report, held }
}

function isGoing({ action, trace }: ItemState): boolean {
  return action === 'erase' && trace !== 'absent'
}

/** An opt-out that was refused is told; one that was done is what anybody expects. */
async function silenced(side: Side, items: readonly ItemState[], signal: AbortSignal): Promise<readonly Around[]> {
  const results = items.length === 0 ? [] : await side.erasure.silence(items.map(refOf), signal)
  return results.flatMap((result): Around[] =>
    result.outcome === 'refused' ? [{ connection: side.connection, ...result.ref, outcome: 'refused', reason: result.reason }] : [],
  )
}

async function prepared(side: Side, items: readonly ItemState[], traits: Traits, signal: AbortSignal): Promise<readonly Around[]> {
  const results = items.length === 0 ? [] : await side.erasure.prepare(items.map(refOf), traits, signal)
  return results.map((one) => aroundOf(side.connection, one))
}

function aroundOf(connection: string, { object, id, outcome, reason }: AttachedResult): Around {
  return { connection, object, id, outcome, reason: reason ?? null }
}

/** What is to be anonymous first: it may be refused, and is nothing that cannot be done again. */
async function deedsOf(world: World, side: Side, items: readonly ItemState[], subject: Subject, signal: AbortSignal): Promise<Report> {
  const going = items.filter(isGoing)
  const blank = items.filter(({ action, trace }) => action === 'anonymise' && trace !== 'absent')
  const made = await anonymised(side, blank, destroyedBy(world, subject, items), signal)
  const deeds = [...made.deeds, ...(await erased(side, going, signal)), ...items.flatMap(keptDeed)]
  return { ...nothing, deeds, around: made.around }
}

async function anonymised(
  { connection, erasure }: Side,
  items: readonly ItemState[],
  traits: Traits,
  signal: AbortSignal,
): Promise<Pick<Report, 'deeds' | 'around'>> {
  if (items.length === 0) return { deeds: [], around: [] }
  if (erasure.anonymity === undefined)
    return { deeds: items.map(({ key }) => ({ key, outcome: 'refused', reason: 'this connection cannot anonymise' })), around: [] }
  const { records, around } = await erasure.anonymity.make(items.map(refOf), traits, signal)
  return {
    deeds: records.map((result, i): Deed => ({
      key: items[i]!.key,
      outcome: result.outcome,
      reason: result.outcome === 'refused' ? result.reason : null,
    })),
    around: around.map((one) => aroundOf(connection, one)),
  }
}

async function erased(side: Side, items: readonly ItemState[], signal: AbortSignal): Promise<readonly Deed[]> {
  const results = await side.erasure.erase(items.map(refOf), signal)
  return results.map((result, i): Deed => ({
    key: items[i]!.key,
    outcome: result.outcome,
    reason: result.outcome === 'refused' ? result.reason : null,
  }))
}

function keptDeed({ key, action }: ItemState): readonly Deed[] {
  return action === 'keep' ? [{ key, outcome: 'kept', reason: null }] : []
}

/** Every record by its id, and the person anew by every identifier: a sync, an import or a restore gives a record another id. */
export async function look(
  world: Pick<World, 'sides' | 'seek' | 'homeCountry'>,
  side: Side,
  state: { readonly items: readonly ItemState[] },
  subject: Subject,
  signal: AbortSignal,
): Promise<Report> {
  const items = state.items.filter(({ connection }) => connection === side.connection)
  const traces = await tracesOf(side, items, traitsOf(world, subject), signal)
  const known = new Map(state.items.map((item) => [item.key, item]))
  const { sightings } = await (world.seek ?? seek)(world.sides, subject.person, signal, new Set(known.keys()))
  const own = sightings.filter((one) => one.side === side)
  const returned = own.flatMap(({ key, record, selection }): Returned[] => {
    if (selection.verdict !== 'selected' || known.has(key)) return []
    return [{ key, connection: side.connection, object: record.ref.object, id: record.ref.id, reasons: selection.reasons }]
  })
  return { ...nothing, sights: traces.map((trace, i): Sight => ({ key: items[i]!.key, trace })), returned }
}

/** Of what is to be anonymous, being there is no answer: what is in it is. */
async function tracesOf(side: Side, items: readonly ItemState[], traits: Traits, signal: AbortSignal): Promise<readonly Trace[]> {
  const { erasure } = side
  const traces = (await erasure.verify(items.map(refOf), signal)).map(({ trace }) => trace)
  const there = items.flatMap((item, i) => (item.action === 'anonymise' && traces[i] === 'present' ? [{ ref: refOf(item), i }] : []))
  if (there.length === 0 || erasure.anonymity === undefined) return traces
  const refs = there.map(({ ref }) => ref)
  const blank = await erasure.anonymity.verify(refs, traits, signal)
  const anonymous = new Set(there.flatMap(({ i }, at) => (blank[at] === true ? [i] : [])))
  return traces.map((trace, i) => (anonymous.has(i) ? 'anonymous' : trace))
}

function refOf({ object, id }: ItemState): RecordRef {
  return { object, id }
}

/** By what things around the records are destroyed or rewritten. A former address may be somebody else's now, one that is shared is. */
function destroyedBy(world: Pick<World, 'homeCountry'>, subject: Subject, items: readonly ItemState[]): Traits {
  const { emails, formerEmails } = subject.alone ?? { emails: [], formerEmails: [] }
  return {
    ...traitsOf(world, subject),
    emails,
    formerEmails,
    going: items.filter(({ action }) => action !== 'keep').map(refOf),
    kept: items.filter(({ action }) => action === 'keep').map(refOf),
  }
}

/** By what is looked again: everything that was ever theirs. */
export function traitsOf({ homeCountry }: Pick<World, 'homeCountry'>, { person, names }: Subject): Traits {
  return { emails: [...person.emails, ...person.formerEmails], phones: person.phones, names, homeCountry }
}
