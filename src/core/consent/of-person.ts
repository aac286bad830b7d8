/**
 * What a record knows of its person that is so wherever else they stand: kept and not used (GDPR art. 18), held for a claim (art. 17(3)(e)), a child
 * (art. 8). It travels with the facts of consent, as facts that are no word on any consent. Nothing of it is remembered: an un-ticked box is un-ticked.
 */
import type { ConsentFact } from './consent.ts'
import { contactFieldKind, ownFields } from '../record/contact-field.ts'
import type { Frame } from '../judge/frame.ts'
import { fieldsUsedByRules } from '../policy/purposes.ts'
import type { Policy } from '../policy/schema.ts'
import type { Row } from '../record/row.ts'
import { compileSlot, type SlotOptions } from '../record/slot.ts'

const CHILD = 'birthDate'

export type OfPersonOptions = SlotOptions & {
  readonly policy: Policy
  readonly connection: string
  readonly isChild: (row: Row) => boolean
}

/** Boxes of the policy that somebody ticks about a person. What Accord knows by itself it knows of the person already. */
function personFlags(policy: Policy): readonly string[] {
  return fieldsUsedByRules(policy).filter((field) => contactFieldKind(field) === 'flag' && !ownFields.includes(field))
}

/** Only what surely is so: what cannot be read binds the record that hides it. */
export function compileOfPerson(options: OfPersonOptions): (row: Row) => readonly ConsentFact[] {
  const { policy, mapping, connection, isChild } = options
  const sourceOf = (field: string): string => `${connection}:${mapping.object}.${mapping.fields[field]?.from.join('+') ?? ''}`
  const boxes = personFlags(policy)
    .filter((field) => mapping.fields[field] != null)
    .map((field) => ({ slot: compileSlot(field, options), fact: factOf(field, sourceOf(field)) }))
  const child = factOf(CHILD, sourceOf(CHILD))
  return (row) => {
    let facts: ConsentFact[] | null = null
    for (let i = 0; i < boxes.length; i++) {
      const { slot, fact } = boxes[i] as (typeof boxes)[number]
      const text = slot.plain === null ? slot.read(row) : row[slot.plain]
      if (typeof text === 'string' && slot.word?.(text) === 'true') (facts ??= []).push(fact)
    }
    if (isChild(row)) (facts ??= []).push(child)
    return facts ?? nothing
  }
}

const nothing: readonly ConsentFact[] = Object.freeze([])

function factOf(field: string, source: string): ConsentFact {
  return { purpose: field, channel: '*', event: 'bound', at: null, source, grade: 'claimed' }
}

/** What is ticked on another record of the person is ticked on this one, too. Answers whether that restricts it, which it does not say itself. */
export function compileBinding(
  policy: Policy,
  slotOf: (field: string) => number,
): (frame: Frame, facts: readonly ConsentFact[]) => boolean {
  const flags = personFlags(policy).map((field) => ({ field, slot: slotOf(field) }))
  return (frame, facts) => {
    let restricts = false
    // Of nearly everybody nothing of the kind is said.
    if (!isAnyBound(facts)) return restricts
    for (const { field, slot } of flags) {
      if (frame.texts[slot] === 'true' || !isBound(facts, field)) continue
      frame.texts[slot] = 'true'
      restricts ||= field === 'restricted'
    }
    return restricts
  }
}

function isAnyBound(facts: readonly ConsentFact[]): boolean {
  for (let i = 0; i < facts.length; i++) if ((facts[i] as ConsentFact).event === 'bound') return true
  return false
}

function isBound(facts: readonly ConsentFact[], field: string): boolean {
  return facts.some(({ event, purpose }) => event === 'bound' && purpose === field)
}

export function isChildSomewhere(facts: readonly ConsentFact[]): boolean {
  return isAnyBound(facts) && isBound(facts, CHILD)
}
