/** What hangs on the records of a plan, and what of it may bind the company to keep something. */
import type { Problem, RecordRef } from '../connector.ts'
import type { BindingFact, Surveyed } from '../erasure.ts'
import { bindingKinds } from './erasure-children.ts'
import { checkedIds, isDeletedRow, missingField, rowsWith, textAt, type Found } from './erasure-read.ts'
import { blindSpots, leadsTo, problemsIn, ways } from './erasure-sight.ts'
import { sharingUnseen } from './erasure-sharing.ts'
import type { Org } from './org.ts'
import { contactsBehind, isAccount } from './person-account.ts'
import { recordId } from './record-id.ts'

/** Look, opt out, delete, empty, look twice. */
const callsOfRecord = 8
const callsOfThing = 2

/** Ids by object; facts by what they are about, since two ways may lead to one contract. */
type Tally = {
  readonly attached: Map<string, Set<string>>
  readonly facts: Map<string, BindingFact>
  readonly unread: Set<BindingFact['kind']>
}
/** By id of a record, or of the Contact behind a person account. */
type Tallies = ReadonlyMap<string, Tally>

export async function survey(
  org: Org,
  refs: readonly RecordRef[],
  signal: AbortSignal,
): Promise<{ records: readonly Surveyed[]; gaps: readonly Problem[] }> {
  const ids = await checkedIds(org, refs, signal)
  const { accounts, unseen } = await contactsBehind(org, refs, ids, signal)
  const tallies = new Map(ids.map((id): [string, Tally] => [id, { attached: new Map(), facts: new Map(), unread: new Set() }]))
  for (const [contact, account] of accounts) tallies.set(contact, tallies.get(account)!)
  const blind = await blindSpots(
    org,
    refs.map(({ object }) => object),
    signal,
  )
  refs.forEach(({ object }, i) => {
    const spots = blind.flatMap(({ way }) => (leadsTo(way, object) ? (bindingKinds[way.object] ?? []) : []))
    for (const kind of unseen.includes(ids[i] ?? '') ? Object.values(bindingKinds) : spots) tallies.get(ids[i] ?? '')?.unread.add(kind)
  })
  await lookAlong(org, tallies, signal)
  return {
    gaps: [
      ...problemsIn(blind),
      ...(unseen.length > 0 ? [missingField('Account', 'PersonContactId')] : []),
      ...(await sharingUnseen(org, refs, [...tallies.keys()], signal)),
    ],
    records: refs.map((ref, i) => surveyed(ref, tallies.get(ids[i] ?? '')!)),
  }
}

function surveyed(ref: RecordRef, { attached, facts, unread }: Tally): Surveyed {
  const things = [...attached.values()].reduce((sum, { size }) => sum + size, 0)
  return {
    ref,
    attached: Object.fromEntries([...attached].map(([object, ids]) => [object, ids.size])),
    facts: [...facts.values()],
    unread: [...unread],
    calls: callsOfRecord + callsOfThing * Math.ceil(things / 10),
  }
}

async function lookAlong(org: Org, tallies: Tallies, signal: AbortSignal): Promise<void> {
  const all = [...tallies.keys()]
  const accounts = all.filter(isAccount)
  const roles: { readonly deal: string; readonly tally: Tally }[] = []
  for (const { object, field, of } of ways) {
    const query = { fields: [field, ...factFields], any: [field], values: of === 'Account' ? accounts : all }
    for (const found of await rowsWith(org, object, query, signal)) {
      const tally = tallies.get(recordId(textAt(found, field) ?? '', null) ?? '')
      if (tally === undefined) continue
      // One that is gone from its deal says still that there was one.
      if (object === 'OpportunityContactRole') roles.push({ deal: recordId(textAt(found, 'OpportunityId') ?? '', null) ?? '', tally })
      if (isDeletedRow(found)) continue
      tally.attached.set(object, (tally.attached.get(object) ?? new Set()).add(found.id))
      note(tally, factOf(object, found))
    }
  }
  const deals = { fields: factFields, any: ['Id'], values: [...new Set(roles.map(({ deal }) => deal))].filter((id) => id !== '') }
  const won = new Map(
    (await rowsWith(org, 'Opportunity', deals, signal))
      .filter((deal) => !isDeletedRow(deal))
      .map((deal) => [deal.id, factOf('Opportunity', deal)]),
  )
  for (const { deal, tally } of roles) note(tally, won.get(deal) ?? null)
}

function note({ facts }: Tally, fact: BindingFact | null): void {
  if (fact !== null) facts.set(`${fact.kind} ${fact.ref.object} ${fact.ref.id}`, fact)
}

/** `InvoiceDate`, unverified: an invoice without a day that we can read holds until somebody has looked. */
const factFields = [
  'InvoiceDate',
  'IsClosed',
  'ClosedDate',
  'Status',
  'StatusCode',
  'EndDate',
  'EffectiveDate',
  'StartDate',
  'IsWon',
  'CloseDate',
  'OpportunityId',
]

function factOf(object: string, found: Found): BindingFact | null {
  const ref = { object, id: found.id }
  if (object === 'Case') return { kind: 'case', ref, open: found.row['IsClosed'] !== true, at: timeOf(found, 'ClosedDate') }
  if (object === 'Invoice') return { kind: 'invoice', ref, open: false, at: timeOf(found, 'InvoiceDate') }
  if (object === 'Opportunity')
    return found.row['IsWon'] === true ? { kind: 'won-deal', ref, open: false, at: timeOf(found, 'CloseDate') } : null
  // A status that is hidden counts as one that binds.
  const status = textAt(found, 'StatusCode') ?? textAt(found, 'Status')
  const isActive = status === null || status === 'Activated'
  if (object === 'Contract' || object === 'ServiceContract')
    return { kind: 'contract', ref, open: isActive, at: timeOf(found, 'EndDate') ?? timeOf(found, 'StartDate') }
  if (object === 'Order') return isActive ? { kind: 'order', ref, open: false, at: timeOf(found, 'EffectiveDate') } : null
  return null
}

function timeOf(found: Found, field: string): number | null {
  const time = Date.parse(textAt(found, field) ?? '')
  return Number.isNaN(time) ? null : time
}
