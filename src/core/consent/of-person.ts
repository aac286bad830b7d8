/**
 * What a record knows of its person that is so wherever else they stand: kept and not used (GDPR art. 18), held for a claim (art. 17(3)(e)), a child
 * (art. 8), held by a rule of retention. It travels with the facts of consent, as facts that are no word on any consent, for as long as the record says so: an
 * un-ticked box is un-ticked. What lasts is handed on when the record is merged or goes.
 */
import type { ConsentFact, FactKind } from './consent.ts'
import { compileCondition, yes, type CompileContext } from '../policy/condition-compile.ts'
import { contactFieldKind, ownFields } from '../record/contact-field.ts'
import { createFrameReader, noteDay, type Frame } from '../judge/frame.ts'
import { fieldsUsedByRules } from '../policy/purposes.ts'
import { inForce, type Hold, type Policy } from '../policy/schema.ts'
import type { Row } from '../record/row.ts'
import { compileSlot, type SlotOptions } from '../record/slot.ts'
import type { DayStart, LocalDay } from '../time/time-zone.ts'

const CHILD = 'birthDate'
/** Channel of a hold, whose purpose is its id; that of whatever else binds is `*`. */
const RETENTION = 'retention'

/** What is so of the person, whatever becomes of the record that says it. A contract may have ended since. */
export function isLasting({ event, channel }: FactKind): boolean {
  return event === 'bound' && channel !== RETENTION
}

/** It is over by itself at its time. */
export function isPassing({ event, purpose, channel }: FactKind): boolean {
  return event === 'bound' && purpose === CHILD && channel === '*'
}

export type OfPersonOptions = SlotOptions & {
  readonly policy: Policy
  readonly connection: string
  readonly today: number
  readonly localDay: LocalDay
  readonly isChild: (row: Row) => boolean
  /** See child.ts: an instant. */
  readonly ofAge: (row: Row) => number
}

/** Boxes of the policy that somebody ticks about a person. What Accord knows by itself it knows of the person already. */
function personFlags(policy: Policy): readonly string[] {
  return fieldsUsedByRules(policy).filter((field) => isFlag(field) && !ownFields.includes(field))
}

function isFlag(field: string): boolean {
  return contactFieldKind(field) === 'flag'
}

/**
 * Holds under which nothing happens to the person: a contract that runs makes them a customer, wherever else they stand. One that archives is about the
 * papers of its record, and keeps no other. Those of boxes alone follow their boxes.
 */
export function holdsOfPerson(policy: Policy, today: number): readonly Hold[] {
  return policy.retention.holds.filter(
    ({ when, effect, ...hold }) =>
      inForce(hold, today) &&
      effect !== 'archive' &&
      !when.every(({ field }) => isFlag(field)) &&
      !when.some(({ field }) => ownFields.includes(field)),
  )
}

/** Only what surely is so: what cannot be read binds the record that hides it. */
export function compileOfPerson(options: OfPersonOptions): (row: Row) => readonly ConsentFact[] {
  const { policy, mapping, connection, isChild, ofAge } = options
  const sourceOf = (field: string): string => `${connection}:${mapping.object}.${mapping.fields[field]?.from.join('+') ?? ''}`
  const boxes = personFlags(policy)
    .filter((field) => mapping.fields[field] != null)
    .map((field) => ({ slot: compileSlot(field, options), fact: factOf(field, '*', sourceOf(field)) }))
  const child = factOf(CHILD, '*', sourceOf(CHILD))
  const addHolds = compileHolds(options, `${connection}:${mapping.object}`)
  return (row) => {
    let facts: ConsentFact[] | null = null
    for (let i = 0; i < boxes.length; i++) {
      const { slot, fact } = boxes[i] as (typeof boxes)[number]
      const text = slot.plain === null ? slot.read(row) : row[slot.plain]
      if (typeof text === 'string' && slot.word?.(text) === 'true') (facts ??= []).push(fact)
    }
    if (isChild(row)) (facts ??= []).push({ ...child, at: ofAge(row) })
    return addHolds(row, facts) ?? nothing
  }
}

const nothing: readonly ConsentFact[] = Object.freeze([])

function factOf(purpose: string, channel: string, source: string): ConsentFact {
  return { purpose, channel, event: 'bound', at: null, source, grade: 'claimed' }
}

type AddHolds = (row: Row, facts: ConsentFact[] | null) => ConsentFact[] | null

function compileHolds({ policy, today, ...options }: OfPersonOptions, source: string): AddHolds {
  const holds = holdsOfPerson(policy, today)
  const used = [...new Set(holds.flatMap(({ when }) => when.map(({ field }) => field)))]
  if (used.length === 0) return (_row, facts) => facts
  const { frame, slotOf, fill } = createFrameReader({ ...options, used, today })
  const tests = holds.map(({ id, when }) => ({
    test: compileCondition(when, { slotOf, today }),
    fact: factOf(id, RETENTION, source),
  }))
  return (row, facts) => {
    let all = facts
    fill(row, unasked)
    for (let i = 0; i < tests.length; i++) {
      const { test, fact } = tests[i] as (typeof tests)[number]
      if (test(frame) === yes) (all ??= []).push(fact)
    }
    return all
  }
}

const unasked = { suppressed: false, openRequest: false } as const

/** Notes the days on which one of these holds changes by itself, also behind a hold that comes first: the other records of the person are to hear of it. */
export function compileHoldDays(policy: Policy, context: CompileContext): (frame: Frame) => void {
  const dated = holdsOfPerson(policy, context.today)
    .filter(({ when }) => when.some(({ predicate }) => predicate.is === 'within' || predicate.is === 'ageBelow'))
    .map(({ when }) => compileCondition(when, context))
  return (frame) => {
    for (let i = 0; i < dated.length; i++) dated[i]?.(frame)
  }
}

/** `restricts`: what this record does not say itself. `holds`: ids. */
export type Bond = { readonly restricts: boolean; readonly child: boolean; readonly holds: readonly string[] }

const unbound: Bond = Object.freeze({ restricts: false, child: false, holds: [] })

/** What is ticked on another record of the person is ticked on this one, too. */
export function compileBinding(
  policy: Policy,
  { slotOf, today, localDay, dayStart }: CompileContext & { readonly localDay: LocalDay; readonly dayStart: DayStart },
): (frame: Frame, facts: readonly ConsentFact[]) => Bond {
  const now = dayStart(today)
  const flags = personFlags(policy).map((field) => ({ field, slot: slotOf(field) }))
  return (frame, facts) => {
    // Of nearly everybody nothing of the kind is said.
    if (!isAnyBound(facts)) return unbound
    let restricts = false
    for (const { field, slot } of flags) {
      if (frame.texts[slot] === 'true' || !isBound(facts, field)) continue
      frame.texts[slot] = 'true'
      restricts ||= field === 'restricted'
    }
    const holds = facts.filter(({ event, channel }) => event === 'bound' && channel === RETENTION)
    const ofAge = comingOfAge(facts)
    if (ofAge > now && ofAge !== Infinity) noteDay(frame, localDay(ofAge))
    return { restricts, child: ofAge > now, holds: holds.map(({ purpose }) => purpose) }
  }
}

function isAnyBound(facts: readonly ConsentFact[]): boolean {
  for (let i = 0; i < facts.length; i++) if ((facts[i] as ConsentFact).event === 'bound') return true
  return false
}

function isBound(facts: readonly ConsentFact[], field: string): boolean {
  return facts.some(({ event, purpose, channel }) => event === 'bound' && purpose === field && channel === '*')
}

/** The instant at which the person agrees alone by all that is known; -Infinity where nobody says that they do not. */
function comingOfAge(facts: readonly ConsentFact[]): number {
  let latest = -Infinity
  for (const fact of facts) if (isPassing(fact)) latest = Math.max(latest, fact.at ?? Infinity)
  return latest
}
