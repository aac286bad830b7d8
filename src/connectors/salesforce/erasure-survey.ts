/** What hangs on the records of a plan, and what of it may bind the company to keep something. */
import type { Problem, RecordRef } from '../connector.ts'
import type { BindingFact, Surveyed } from '../erasure.ts'
import { cascades, consents, lookups, papers } from './erasure-children.ts'
import { checkedIds, infoOf, isDeletedRow, rowsWith, textAt, type Found } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/** Look, opt out, delete, empty, look twice. */
const callsOfRecord = 8
const callsOfThing = 2

type Tally = { readonly attached: Record<string, number>; readonly facts: BindingFact[] }

export async function survey(
  org: Org,
  refs: readonly RecordRef[],
  signal: AbortSignal,
): Promise<{ records: readonly Surveyed[]; gaps: readonly Problem[] }> {
  const ids = await checkedIds(org, refs, signal)
  const tallies = new Map(ids.map((id): [string, Tally] => [id, { attached: {}, facts: [] }]))
  const gaps: Problem[] = []
  const unread = new Set<BindingFact['kind']>()
  for (const { object, field } of [...lookups, ...consents, ...papers, ...cascades]) {
    const info = await infoOf(org, object, signal)
    // Objects that an org has not switched on are nobody's gap; one that is there and hides the way to the person is.
    if (info !== null && !info.fields.has(field)) {
      const kind = kinds[object]
      if (kind !== undefined) unread.add(kind)
      gaps.push({
        kind: 'field-hidden',
        name: `${object}.${field}`,
        message: `${object}.${field} is hidden; what hangs on a record there is not seen`,
      })
    }
    const fields = [field, ...factFields]
    for (const found of await rowsWith(org, object, { fields, any: [field], values: ids }, signal)) {
      const tally = tallies.get(recordId(textAt(found, field) ?? '', null) ?? '')
      if (tally === undefined || isDeletedRow(found)) continue
      tally.attached[object] = (tally.attached[object] ?? 0) + 1
      const fact = factOf(object, found)
      if (fact !== null) tally.facts.push(fact)
    }
  }
  await wonDeals(org, ids, tallies, signal)
  return {
    gaps,
    records: refs.map((ref, i) => {
      const { attached, facts } = tallies.get(ids[i] ?? '') ?? { attached: {}, facts: [] }
      const things = Object.values(attached).reduce((sum, count) => sum + count, 0)
      return { ref, attached, facts, unread: [...unread], calls: callsOfRecord + callsOfThing * Math.ceil(things / 10) }
    }),
  }
}

/** `InvoiceDate`, unverified: an invoice without a day that we can read holds until somebody has looked. */
const factFields = ['InvoiceDate', 'IsClosed', 'ClosedDate', 'Status', 'StatusCode', 'EndDate', 'EffectiveDate', 'StartDate']

const kinds: Readonly<Record<string, BindingFact['kind']>> = {
  Case: 'case',
  Contract: 'contract',
  Invoice: 'invoice',
  Order: 'order',
  ServiceContract: 'contract',
}

function factOf(object: string, found: Found): BindingFact | null {
  const ref = { object, id: found.id }
  if (object === 'Case') return { kind: 'case', ref, open: found.row['IsClosed'] !== true, at: timeOf(found, 'ClosedDate') }
  if (object === 'Invoice') return { kind: 'invoice', ref, open: false, at: timeOf(found, 'InvoiceDate') }
  // A status that is hidden counts as one that binds.
  const status = textAt(found, 'StatusCode') ?? textAt(found, 'Status')
  const isActive = status === null || status === 'Activated'
  if (object === 'Contract' || object === 'ServiceContract')
    return { kind: 'contract', ref, open: isActive, at: timeOf(found, 'EndDate') ?? timeOf(found, 'StartDate') }
  if (object === 'Order') return isActive ? { kind: 'order', ref, open: false, at: timeOf(found, 'EffectiveDate') } : null
  return null
}

async function wonDeals(org: Org, ids: readonly string[], tallies: ReadonlyMap<string, Tally>, signal: AbortSignal): Promise<void> {
  const roles = await rowsWith(
    org,
    'OpportunityContactRole',
    { fields: ['ContactId', 'OpportunityId'], any: ['ContactId'], values: ids },
    signal,
  )
  const deals = await rowsWith(
    org,
    'Opportunity',
    { fields: ['IsWon', 'CloseDate'], any: ['Id'], values: roles.flatMap((role) => textAt(role, 'OpportunityId') ?? []) },
    signal,
  )
  const won = new Map(deals.filter(({ row }) => row['IsWon'] === true && row['IsDeleted'] !== true).map((deal) => [deal.id, deal]))
  for (const role of roles) {
    const deal = won.get(recordId(textAt(role, 'OpportunityId') ?? '', null) ?? '')
    const tally = tallies.get(recordId(textAt(role, 'ContactId') ?? '', null) ?? '')
    if (deal && tally)
      tally.facts.push({ kind: 'won-deal', ref: { object: 'Opportunity', id: deal.id }, open: false, at: timeOf(deal, 'CloseDate') })
  }
}

function timeOf(found: Found, field: string): number | null {
  const time = Date.parse(textAt(found, field) ?? '')
  return Number.isNaN(time) ? null : time
}
