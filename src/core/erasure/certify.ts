/** From the history of an erasure to what can be certified of it. */
import { isoOf } from '../time/calendar.ts'
import type { Certificate, Unsigned } from './certificate.ts'
import { glossaryOf } from './certificate-lines.ts'
import { nextCheck, readingChecks, type Around, type Erasure, type ErasureEvent, type ItemState } from './erasure.ts'
import { reachedBy } from './steps.ts'
import type { Hold } from './hold.ts'
import type { Lost } from './lost.ts'

/** A place of somebody else's where words about the person were found at the last look. */
export type Mention = {
  readonly connection: string
  readonly object: string
  readonly id: string
  readonly field: string
  readonly kinds: readonly string[]
  readonly certainty: 'certain' | 'possible'
  readonly remedy: string
}
export type System = { readonly connection: string; readonly crm: string; readonly means: 'bin' | 'purge' }
export type CertifyInput = {
  readonly controller: string
  /** IANA name of the controller's. */
  readonly timezone: string
  readonly request: string
  readonly receivedAt: number
  readonly now: number
  readonly erasure: Erasure
  readonly events: readonly ErasureEvent[]
  readonly mentions: readonly Mention[]
  readonly systems: readonly System[]
  readonly recipients: Certificate['recipients']
  readonly ledger: Certificate['ledger']
}
export type Certified = { readonly ok: true; readonly certificate: Unsigned } | { readonly ok: false; readonly message: string }

/** Nothing that is not proved is certified: neither on the word of a CRM, nor while somebody has come back. */
export function certify(input: CertifyInput): Certified {
  const { erasure } = input
  if (erasure.status === 'returned')
    return { ok: false, message: 'somebody has come back since: nothing is certified before that is settled' }
  if (erasure.status !== 'settled') return { ok: false, message: 'there is nothing to certify before everything has been looked at' }
  if (erasure.standing === 'not-proved')
    return { ok: false, message: 'the erasure is not proved: a record is still there, can be brought back, or could not be looked at' }
  const { items, plan, standing, around, lost = [] } = erasure
  const missing = reachedBy(erasure).find((connection) => input.systems.every((one) => one.connection !== connection))
  if (missing !== undefined)
    return {
      ok: false,
      message: `connections.yaml no longer has "${missing}", in which this erasure looks: put it back, or, if its CRM is gone for good, run "accord connection lost ${missing}"`,
    }
  const next = nextCheck(erasure)
  const certificate: Unsigned = {
    format: 'accord/erasure-certificate/v1',
    controller: input.controller,
    request: input.request,
    received: iso(input.receivedAt),
    issued: iso(input.now),
    timezone: input.timezone,
    standing,
    systems: reachedBy(erasure).map((connection) => systemOf(connection, input.systems, items)),
    records: items.map(recordOf),
    around: aroundOf(around),
    mentionsRead: readingOf(input.events),
    mentions: input.mentions.map(mentionOf),
    recipients: [...input.recipients],
    ...(lost.length > 0 && { lost: lost.map((one) => lossOf(one, items)) }),
    unreached: plan.unreachable.map(({ connection, what }) => ({ connection, what })),
    looks: looksOf(input.events),
    next: next === null ? null : { look: next.check, at: iso(next.at) },
    ledger: input.ledger,
  }
  return { ok: true, certificate: { ...certificate, words: glossaryOf(certificate) } }
}

function systemOf(connection: string, systems: readonly System[], items: readonly ItemState[]): Certificate['systems'][number] {
  const system = systems.find((one) => one.connection === connection)!
  return { connection, crm: system.crm, method: system.means, records: items.filter((item) => item.connection === connection).length }
}

/** Who says so, when and why: the controller answers for it (GDPR art. 5(2)). */
function lossOf({ connection, crm, because, by, at }: Lost, items: readonly ItemState[]): NonNullable<Certificate['lost']>[number] {
  const there = items.filter((item) => item.connection === connection)
  const declaredBy = by.kind === 'staff' ? by.user : by.kind
  return { connection, crm, records: there.length, because, declaredBy, declared: iso(at) }
}

function recordOf({ connection, object, id, reasons, action, outcome, trace, holds }: ItemState): Certificate['records'][number] {
  return {
    ref: `${connection}/${object}/${id}`,
    reasons: [...reasons],
    action,
    outcome,
    trace,
    holds: action === 'erase' ? [] : holds.map(holdOf),
  }
}

function holdOf({ ground, text, because, until, review }: Hold): Certificate['records'][number]['holds'][number] {
  const why =
    because.kind === 'by-hand'
      ? 'by-hand'
      : because.kind === 'unread'
        ? `unread ${because.fact}`
        : `${because.kind} ${because.object}/${because.id}`
  return { ground: `GDPR art. ${ground}`, text, because: why, until: until === null ? null : isoOf(until), review: isoOf(review) }
}

function aroundOf(around: readonly Around[]): Certificate['around'] {
  const groups = Map.groupBy(around, ({ connection, object, outcome }) => JSON.stringify([connection, object, outcome]))
  return [...groups.values()].map((group) => {
    const { connection, object, outcome } = group[0]!
    return { connection, object, outcome, count: group.length }
  })
}

function mentionOf({ connection, object, id, field, kinds, certainty, remedy }: Mention): Certificate['mentions'][number] {
  return { ref: `${connection}/${object}/${id}`, certainty, what: `${field}: ${kinds.join('+')}; ${remedy}` }
}

function readingOf(events: readonly ErasureEvent[]): string | null {
  const last = events.findLast((event) => event.type === 'read' || (event.type === 'checked' && readingChecks.has(event.check)))
  return last === undefined ? null : iso(last.at)
}

function looksOf(events: readonly ErasureEvent[]): Certificate['looks'] {
  return events.flatMap((event) => {
    if (event.type === 'settled') return [{ look: 'first', at: iso(event.at), standing: event.standing }]
    return event.type === 'checked' ? [{ look: event.check, at: iso(event.at), standing: event.standing }] : []
  })
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
