/** What a record says of itself that may bind the company to keep it: fields of the policy, as the mapping finds them in this CRM. */
import type { HoldFact } from './hold.ts'
import { emptyDay } from '../judge/frame.ts'
import { plausibleDay } from '../time/known-day.ts'
import type { RawFields } from '../judge/judge.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { createRowReader, type Row } from '../record/row.ts'
import { compileSlot, type Slot } from '../record/slot.ts'
import type { Text } from '../text/text.ts'
import type { LocalDay } from '../time/time-zone.ts'

/** Contact fields that speak of a duty to keep. */
export const bindingFields = ['legalHold', 'contractStatus', 'contractEndedAt'] as const
type BindingField = (typeof bindingFields)[number]
/** What nobody knows of a record whose field is hidden or not understood. */
export const bindingKinds = {
  legalHold: 'legal-hold',
  contractStatus: 'contract',
  contractEndedAt: 'contract',
} as const satisfies Readonly<Record<BindingField, HoldFact['kind']>>

/** `unread`: contact fields that are mapped, and hidden here or filled with what nobody understands. */
export type Statement = { readonly facts: readonly HoldFact[]; readonly unread: readonly BindingField[] }
export type StatementReader = (record: { readonly object: string; readonly id: string }, fields: RawFields, localDay: LocalDay) => Statement

/** A field that is not mapped says nothing: that it is not is told elsewhere, as a finding about the mapping. */
export function createStatementReader(mapping: ObjectMapping): StatementReader {
  const readable = new Set(bindingFields.flatMap((field) => mapping.fields[field]?.from ?? []))
  const rows = createRowReader()
  const { columnOf } = rows
  const slots = bindingFields
    .filter((field) => mapping.fields[field] !== undefined)
    .map((field) => ({ field, slot: compileSlot(field, { mapping, vocabularies: new Map(), readable, columnOf }) }))
  return ({ object, id }, fields, localDay) => {
    const row = rows.read(fields)
    const said = new Map(slots.map(({ field, slot }) => [field, wordOf(slot, row)]))
    const ended = dayOf(said.get('contractEndedAt') ?? null, localDay)
    const unread = [...said].flatMap(([field, text]) => (isUnread(field, text, localDay) ? [field] : []))
    const fact = (kind: HoldFact['kind'], open: boolean, day: number | null): HoldFact => ({ kind, object, id, open, day })
    const status = said.get('contractStatus') ?? null
    return {
      unread,
      facts: [
        ...(said.get('legalHold') === 'true' ? [fact('legal-hold', true, null)] : []),
        ...(status === 'active'
          ? [fact('contract', true, null)]
          : status === 'ended' || ended !== null
            ? [fact('contract', false, ended)]
            : []),
      ],
    }
  }
}

function wordOf(slot: Slot, row: Row): Text {
  const text = slot.read(row)
  return typeof text === 'string' && slot.word !== null ? slot.word(text) : text
}

function isUnread(field: BindingField, text: Text, localDay: LocalDay): boolean {
  if (text === undefined) return true
  if (text === null) return false
  if (field === 'legalHold') return text !== 'true' && text !== 'false'
  return field === 'contractEndedAt' && dayOf(text, localDay) === null
}

function dayOf(text: string | null, localDay: LocalDay): number | null {
  const day = text === null ? emptyDay : plausibleDay(text, localDay)
  return Number.isFinite(day) ? day : null
}
