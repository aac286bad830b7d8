/**
 * Somebody who was erased is seen again: one case for each person, from the first record to a decision. Whatever it ends with, marketing has stopped with the
 * suppression list itself. No personal data: records by reference.
 */
import { dayMs } from '../time/calendar.ts'
import type { Accepted } from './erasure.ts'
import type { Lost } from './lost.ts'
import type { Actor } from '../request/request.ts'

/** How a record came to be there, as the CRM tells. `vouched`: by a field that nobody can write. `detail`: codes only. `at`: epoch milliseconds; in a case its day alone. */
export type Arrival = {
  readonly way: 'form' | 'import' | 'sync' | 'api' | 'by-hand' | 'unknown'
  readonly vouched: boolean
  readonly detail: string | null
  readonly at: number | null
}
/**
 * A consent that is newer than the erasure, with the proof that the policy asks for. `at`: in a case its day alone. `source`: the field where it stands. `own`: said to Accord itself, by a
 * form of the company's or a confirmed link.
 */
export type FreshConsent = {
  readonly purpose: string
  readonly channel: string
  readonly at: number
  readonly source: string
  readonly own: boolean
}
/** `key`: `connection:object:id`. `arrival` null: nobody has looked yet. `lost`: nobody ever can, its CRM being gone for good; then it is `gone` from the case. */
export type SeenRecord = {
  readonly key: string
  readonly at: number
  readonly arrival: Arrival | null
  readonly consents: readonly FreshConsent[]
  readonly gone: boolean
  readonly lost?: true
}
/** `lost`: the last of them were in a CRM that is gone for good, where nobody can look or erase. */
export type Ending =
  | { readonly ended: 'erased' | 'gone' | 'lost' }
  /** `proof`: what was found of the new consent, or null where none is needed: then it is somebody else. */
  | { readonly ended: 'kept'; readonly because: Accepted; readonly by: Actor; readonly proof: { readonly key: string } & FreshConsent }
  | { readonly ended: 'kept'; readonly because: 'somebody-else'; readonly by: Actor; readonly proof: null }

/** `request`: whose erasure it was. `again`: the request by which they are erased once more. */
type Case = { readonly request: string; readonly openedAt: number; readonly records: readonly SeenRecord[]; readonly again: string | null }
export type Comeback =
  | { readonly status: 'none' }
  | ({ readonly status: 'open' } & Case)
  | ({ readonly status: 'closed'; readonly at: number } & Case & Ending)
export type Status = Comeback['status']
export type ComebackIn<S extends Status> = Extract<Comeback, { status: S }>

export type ComebackEvent =
  | { readonly type: 'opened'; readonly at: number; readonly request: string }
  | { readonly type: 'seen'; readonly at: number; readonly key: string }
  | { readonly type: 'looked'; readonly at: number; readonly records: readonly Look[] }
  | { readonly type: 'to-erase'; readonly at: number; readonly by: Actor; readonly request: string }
  | { readonly type: 'lost'; readonly at: number; readonly lost: Lost }
  | ({ readonly type: 'ended'; readonly at: number } & Ending)
/** `arrival` null: it is not there any more. */
export type Look = { readonly key: string; readonly arrival: Arrival | null; readonly consents: readonly FreshConsent[] }
export type EventType = ComebackEvent['type']
export type EventOf<E extends EventType> = Extract<ComebackEvent, { type: E }>

export type ComebackCommand =
  | { readonly type: 'see'; readonly request: string; readonly keys: readonly string[] }
  | { readonly type: 'look'; readonly records: readonly Look[] }
  | { readonly type: 'erase'; readonly by: Actor; readonly request: string }
  | { readonly type: 'keep'; readonly by: Actor; readonly because: Accepted }
  /** The erasure that was asked for is proved, or the records have gone by themselves. */
  | { readonly type: 'end'; readonly ended: 'erased' }
  /** The case goes on without the records of a CRM that is gone for good, and ends where there are no others. */
  | { readonly type: 'lose'; readonly lost: Lost }
export type CommandType = ComebackCommand['type']
export type CommandOf<C extends CommandType> = Extract<ComebackCommand, { type: C }>
export type Decided = { readonly ok: true; readonly events: readonly ComebackEvent[] } | { readonly ok: false; readonly message: string }

type DecideCell<S extends Status, C extends CommandType> = (state: ComebackIn<S>, command: CommandOf<C>, now: number) => Decided
type DecideTable = { readonly [S in Status]: { readonly [C in CommandType]: DecideCell<S, C> } }

export function decide(state: Comeback, command: ComebackCommand, now: number): Decided {
  const cell = decisions[state.status][command.type] as unknown as (state: Comeback, command: ComebackCommand, now: number) => Decided
  return cell(state, command, now)
}

const happen = (...events: readonly ComebackEvent[]): Decided => ({ ok: true, events })
const no = (message: string): Decided => ({ ok: false, message })
const nobody = (): Decided => no('nobody has been seen again')
const over = (): Decided => no('this case is closed: what comes now is a new one')

function see(state: ComebackIn<'none' | 'open'>, { request, keys }: CommandOf<'see'>, now: number): Decided {
  const known = new Set(state.status === 'open' ? state.records.filter(({ gone }) => !gone).map(({ key }) => key) : [])
  const seen = [...new Set(keys)].filter((key) => !known.has(key)).map((key): ComebackEvent => ({ type: 'seen', at: now, key }))
  if (seen.length === 0) return happen()
  return state.status === 'none' ? happen({ type: 'opened', at: now, request }, ...seen) : happen(...seen)
}

/** Who came by a form of their own, with a new consent that is proved, has said it as clearly as anybody can: they are kept. Nothing less is. */
function look(state: ComebackIn<'open'>, { records }: CommandOf<'look'>, now: number): Decided {
  const looked: ComebackEvent = { type: 'looked', at: now, records: records.map(toDays) }
  const next = evolve(state, looked)
  if (next.status !== 'open') return happen(looked)
  if (next.records.every(({ gone }) => gone)) return happen(looked, { type: 'ended', at: now, ended: endingOf(next, 'gone') })
  const proof = state.again === null ? proofIn(next.records, isOwnAct) : null
  const ended = { type: 'ended', at: now, ended: 'kept', because: 'new-consent', by: { kind: 'service' } } as const
  return proof === null ? happen(looked) : happen(looked, { ...ended, proof })
}

/** The beginning of its day, UTC. To the millisecond a consent is in one other list at most: in the ledger, which nobody can shorten, it would point at its person. */
export function toDay(at: number): number {
  return Math.floor(at / dayMs) * dayMs
}

function toDays({ key, arrival, consents }: Look): Look {
  return {
    key,
    arrival: arrival === null || arrival.at === null ? arrival : { ...arrival, at: toDay(arrival.at) },
    consents: consents.map((consent) => ({ ...consent, at: toDay(consent.at) })),
  }
}

function isOwnAct({ arrival }: SeenRecord, { own }: FreshConsent): boolean {
  return own || (arrival?.way === 'form' && arrival.vouched)
}

/** The newest. */
function proofIn(
  records: readonly SeenRecord[],
  counts: (record: SeenRecord, consent: FreshConsent) => boolean,
): ({ readonly key: string } & FreshConsent) | null {
  const proofs = records
    .filter(({ gone }) => !gone)
    .flatMap((record) => record.consents.filter((one) => counts(record, one)).map((one) => ({ key: record.key, ...one })))
  return proofs.sort((a, b) => b.at - a.at)[0] ?? null
}

function keep(state: ComebackIn<'open'>, { by, because }: CommandOf<'keep'>, now: number): Decided {
  if (by.kind !== 'staff') return no('that somebody who was erased may be kept is a user’s decision')
  if (because === 'somebody-else') return happen({ type: 'ended', at: now, ended: 'kept', because, by, proof: null })
  const proof = proofIn(state.records, () => true)
  return proof === null
    ? no('no consent is on record that is newer than the erasure and proved as the policy asks: without it nobody is taken off the list')
    : happen({ type: 'ended', at: now, ended: 'kept', because, by, proof })
}

function lose(state: ComebackIn<'open'>, { lost }: CommandOf<'lose'>, now: number): Decided {
  if (!state.records.some((record) => !record.gone && isIn(record, lost))) return happen()
  const event: ComebackEvent = { type: 'lost', at: now, lost }
  const next = evolve(state, event)
  const isOver = next.status === 'open' && next.records.every(({ gone }) => gone)
  return isOver ? happen(event, { type: 'ended', at: now, ended: 'lost' }) : happen(event)
}

/** What was in a CRM that is lost nobody has seen erased or gone. */
function endingOf({ records }: ComebackIn<'open'>, otherwise: 'erased' | 'gone'): 'erased' | 'gone' | 'lost' {
  return records.some(({ lost }) => lost) ? 'lost' : otherwise
}

function isIn({ key }: SeenRecord, { connection }: Lost): boolean {
  return key.startsWith(`${connection}:`)
}

const decisions: DecideTable = {
  none: { lose: () => happen(), see, look: nobody, erase: nobody, keep: nobody, end: () => happen() },
  open: {
    lose,
    see,
    look,
    erase: ({ again }, { by, request }, now) => (again === request ? happen() : happen({ type: 'to-erase', at: now, by, request })),
    keep,
    end: (state, { ended }, now) => happen({ type: 'ended', at: now, ended: endingOf(state, ended) }),
  },
  closed: { lose: () => happen(), see: over, look: () => happen(), erase: over, keep: over, end: () => happen() },
}

type EvolveCell<S extends Status, E extends EventType> = ((state: ComebackIn<S>, event: EventOf<E>) => Comeback) | 'impossible'
type EvolveTable = { readonly [S in Status]: { readonly [E in EventType]: EvolveCell<S, E> } }

const none = 'impossible'
const changes: EvolveTable = {
  none: {
    opened: (_, { at, request }) => ({ status: 'open', request, openedAt: at, records: [], again: null }),
    seen: none,
    looked: none,
    'to-erase': none,
    lost: none,
    ended: none,
  },
  open: {
    opened: none,
    lost: (state, { lost }) => ({
      ...state,
      records: state.records.map((one) => (isIn(one, lost) && !one.gone ? { ...one, gone: true, lost: true } : one)),
    }),
    seen: (state, { at, key }) => ({
      ...state,
      records: [...state.records.filter((one) => one.key !== key), { key, at, arrival: null, consents: [], gone: false }],
    }),
    looked: (state, { records }) => {
      const looks = new Map(records.map((one) => [one.key, one]))
      return {
        ...state,
        records: state.records.map((one) => {
          const now = looks.get(one.key)
          if (now === undefined) return one
          return now.arrival === null ? { ...one, gone: true } : { ...one, arrival: now.arrival, consents: now.consents, gone: false }
        }),
      }
    },
    'to-erase': (state, { request }) => ({ ...state, again: request }),
    ended: ({ request, openedAt, records, again }, event) => {
      const ending: Ending = event.ended === 'kept' ? keptBy(event) : { ended: event.ended }
      return { status: 'closed', request, openedAt, records, again, at: event.at, ...ending }
    },
  },
  closed: { opened: none, seen: none, looked: none, 'to-erase': none, lost: none, ended: none },
}

function keptBy(ending: Extract<Ending, { ended: 'kept' }>): Ending {
  const { because, by, proof } = ending
  return proof === null ? { ended: 'kept', because: 'somebody-else', by, proof } : { ended: 'kept', because, by, proof }
}

export const unopened: Comeback = { status: 'none' }

/** Throws on a history that cannot have happened. */
export function evolve(state: Comeback, event: ComebackEvent): Comeback {
  const cell = changes[state.status][event.type] as EvolveCell<Status, EventType>
  if (cell === none) throw new RangeError(`a case that is ${state.status} cannot have been ${event.type}`)
  return (cell as (state: Comeback, event: ComebackEvent) => Comeback)(state, event)
}
