/** What may bind the company to keep a record: looked for before a plan is shown, and again right before something goes. */
import type { RecordRef } from '../connector.ts'
import type { BindingFact, Bound } from '../erasure.ts'
import { bindingKinds, type Way } from './erasure-children.ts'
import { checkedIds, infoOf, isDeletedRow, rowsWith, textAt, type Found } from './erasure-read.ts'
import { blindSpots, leadsTo, ways, type Blind } from './erasure-sight.ts'
import type { Org } from './org.ts'
import { contactsBehind, isAccount } from './person-account.ts'
import { recordId } from './record-id.ts'
import { textOf } from './values.ts'

/** Ids by object; facts by what they are about, since two ways may lead to one contract. */
export type Tally = {
  readonly attached: Map<string, Set<string>>
  readonly facts: Map<string, BindingFact>
  readonly unread: Set<BindingFact['kind']>
}
/** By id of a record, or of the Contact behind a person account. */
export type Tallies = ReadonlyMap<string, Tally>
/** `ids`: of the records, checked, in order. `unseen`: accounts whose Contact nobody may see. */
export type Tallied = {
  readonly ids: readonly string[]
  readonly tallies: Tallies
  readonly blind: readonly Blind[]
  readonly unseen: readonly string[]
}

export async function bindings(
  org: Org,
  refs: readonly RecordRef[],
  asked: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<readonly Bound[]> {
  const { ids, tallies } = await tallied(org, refs, 'binding', signal)
  const said = new Map<Tally, Bound['said'][number][]>()
  for (const [object, fields] of Object.entries(asked)) {
    if (fields.length === 0) continue
    // Hidden, and none of the records is one of these: their ids are checked by it.
    const prefix = (await infoOf(org, object, signal))?.keyPrefix ?? null
    const values = [...tallies.keys()].filter((id) => prefix !== null && id.startsWith(prefix))
    for (const found of await rowsWith(org, object, { fields, any: ['Id'], values }, signal)) {
      const tally = tallies.get(found.id)!
      said.set(tally, [...(said.get(tally) ?? []), { fieldsOf: object, fields: fieldsIn(found, new Set(fields)) }])
    }
  }
  return refs.map((ref, i): Bound => {
    const tally = tallies.get(ids[i] ?? '')!
    return { ref, facts: [...tally.facts.values()], unread: [...tally.unread], said: said.get(tally) ?? [] }
  })
}

/** As the rest of Accord reads them; what is hidden is left out. */
export function fieldsIn({ plan, row }: Found, asked: ReadonlySet<string>): Bound['said'][number]['fields'] {
  return Object.fromEntries(
    [...plan.types].flatMap(([path, type]) =>
      asked.has(path) && !path.includes('.') ? [[path, textOf(row[path] ?? null, type, path)]] : [],
    ),
  )
}

/** `binding`: of what may bind the company alone. */
export async function tallied(org: Org, refs: readonly RecordRef[], which: 'all' | 'binding', signal: AbortSignal): Promise<Tallied> {
  const ids = await checkedIds(org, refs, signal)
  const { accounts, unseen } = await contactsBehind(org, refs, ids, signal)
  const tallies = new Map(ids.map((id): [string, Tally] => [id, { attached: new Map(), facts: new Map(), unread: new Set() }]))
  for (const [contact, account] of accounts) tallies.set(contact, tallies.get(account)!)
  const objects = refs.map(({ object }) => object)
  const blind = await blindSpots(org, objects, signal, { binding: which === 'binding' })
  refs.forEach(({ object }, i) => {
    const spots = blind.flatMap(({ way }) => (leadsTo(way, object) ? (bindingKinds[way.object] ?? []) : []))
    for (const kind of unseen.includes(ids[i] ?? '') ? Object.values(bindingKinds) : spots) tallies.get(ids[i] ?? '')?.unread.add(kind)
  })
  const leads = new Set(ids.filter((_, i) => objects[i] === 'Lead'))
  await lookAlong(org, tallies, { leads, which }, signal)
  return { ids, tallies, blind, unseen }
}

type Along = { readonly leads: ReadonlySet<string>; readonly which: 'all' | 'binding' }

/** One question for each object, by whatever fields lead there. */
async function lookAlong(org: Org, tallies: Tallies, { leads, which }: Along, signal: AbortSignal): Promise<void> {
  const all = [...tallies.keys()]
  const accounts = all.filter(isAccount)
  const roles: { readonly deal: string; readonly tally: Tally }[] = []
  for (const [object, group] of Map.groupBy(ways, (way) => way.object)) {
    const binds = bindingKinds[object] !== undefined
    if (which === 'binding' && !binds) continue
    const any = fieldsAlong(group, accounts)
    if (any.length === 0) continue
    // No paper of a sale names a Lead.
    const values = all.filter((id) => !binds || !leads.has(id))
    for (const found of await rowsWith(org, object, { fields: binds ? factFields : [], any, values }, signal)) {
      const deal = recordId(textAt(found, 'OpportunityId') ?? '', null) ?? ''
      for (const tally of new Set(any.flatMap((field) => tallies.get(recordId(textAt(found, field) ?? '', null) ?? '') ?? []))) {
        // One that is gone from its deal says still that there was one.
        if (object === 'OpportunityContactRole') roles.push({ deal, tally })
        if (isDeletedRow(found)) continue
        tally.attached.set(object, (tally.attached.get(object) ?? new Set()).add(found.id))
        note(tally, factOf(object, found))
      }
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

function fieldsAlong(group: readonly Way[], accounts: readonly string[]): readonly string[] {
  return group.flatMap(({ field, of }) => (of === undefined || accounts.length > 0 ? [field] : []))
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
