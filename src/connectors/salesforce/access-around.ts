/** What hangs on a person's records: activities and conversations whole, what is the company's by its name, consents, and the Individual behind them. */
import type { AccessEntry, AccessKind } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import type { RecordRef } from '../connector.ts'
import type { Own } from './access.ts'
import { entryOf, fieldOf, missingObject, rowsOf, type Whole } from './access-read.ts'
import { bindingKinds, consents, contactPoints, partyConsents, type Way } from './erasure-children.ts'
import { emailsOf, filesOf } from './erasure-owned.ts'
import { chunksOf, infoOf, isDeletedRow, missingField, rowsWith, textAt } from './erasure-read.ts'
import { leadsTo } from './erasure-sight.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/**
 * `by`: the lookups that lead to the person, those of `ofAccounts` to a person account alone. `usual`: an org without it is told, since it may only be hidden.
 * `only`: of the company's own, this alone. `parties`: rows beside it that name further people who take part, and their field that names the thing.
 */
type Thing = {
  readonly object: string
  readonly kind: AccessKind
  readonly by: readonly string[]
  readonly usual?: true
  readonly more?: readonly string[]
  readonly only?: readonly string[]
  readonly parties?: { readonly object: string; readonly thing: string }
}
/** `WhatId` may lead to anything, of a person to their account alone. */
const ofAccounts = new Set(['AccountId', 'BillingAccountId', 'WhatId'])
const things: readonly Thing[] = [
  { object: 'Task', kind: 'activity', by: ['WhoId', 'WhatId'], usual: true, parties: { object: 'TaskRelation', thing: 'TaskId' } },
  { object: 'Event', kind: 'activity', by: ['WhoId', 'WhatId'], usual: true, parties: { object: 'EventRelation', thing: 'EventId' } },
  { object: 'Note', kind: 'activity', by: ['ParentId'] },
  { object: 'Case', kind: 'activity', by: ['ContactId', 'AccountId'], usual: true },
  { object: 'CampaignMember', kind: 'list', by: ['ContactId', 'LeadId'], usual: true, more: ['Campaign.Name'] },
  { object: 'Attachment', kind: 'file', by: ['ParentId'], only: ['Name', 'Description', 'CreatedDate'] },
  { object: 'OpportunityContactRole', kind: 'association', by: ['ContactId'], more: ['Opportunity.Name'], only: ['Role', 'IsPrimary'] },
  { object: 'AccountContactRelation', kind: 'association', by: ['ContactId'], more: ['Account.Name'], only: ['Roles', 'IsDirect'] },
  { object: 'Opportunity', kind: 'association', by: ['AccountId'], only: ['Name', 'StageName', 'CloseDate', 'Amount'] },
  {
    object: 'Contract',
    kind: 'association',
    by: ['CustomerSignedId', 'AccountId'],
    only: ['ContractNumber', 'Status', 'StartDate', 'EndDate'],
  },
  {
    object: 'Order',
    kind: 'association',
    by: ['BillToContactId', 'ShipToContactId', 'CustomerAuthorizedById', 'AccountId'],
    only: ['OrderNumber', 'Status', 'EffectiveDate'],
  },
  {
    object: 'Invoice',
    kind: 'association',
    by: ['BillToContactId', 'BillingAccountId'],
    only: ['InvoiceNumber', 'DocumentNumber', 'Status', 'InvoiceDate', 'DueDate', 'TotalAmountWithTax', 'Balance'],
  },
  { object: 'ServiceContract', kind: 'association', by: ['ContactId', 'AccountId'], only: ['Name', 'Status', 'StartDate', 'EndDate'] },
  { object: 'Asset', kind: 'association', by: ['ContactId', 'AccountId'], only: ['Name', 'Status', 'PurchaseDate', 'SerialNumber'] },
]

/** Things that two of the person's records lead to are told once. */
export async function* attachedTo(
  org: Org,
  own: readonly Own[],
  emails: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<AccessPage> {
  const ids = idsOf(own)
  for (const thing of things) {
    const by = waysTo(thing, own)
    if (by.length === 0) continue
    const info = await infoOf(org, thing.object, signal)
    if (info === null && isMissed(org, thing)) yield { entries: [], gaps: [missingObject(thing.object)] }
    if (info === null) continue
    yield { entries: [], gaps: by.flatMap((field) => (info.fields.has(field) ? [] : [missingField(thing.object, field)])) }
    const rows = await rowsOf(org, thing.object, { any: by, values: [...ids.keys()], more: thing.more ?? [] }, signal)
    const byAddress =
      thing.object === 'Case' && emails.length > 0 ? await rowsOf(org, 'Case', { any: ['SuppliedEmail'], values: emails }, signal) : []
    const further = thing.parties === undefined ? none : await takingPartIn(org, thing.object, thing.parties, [...ids.keys()], signal)
    if (further.gaps.length > 0) yield { entries: [], gaps: further.gaps }
    const all = [...new Map([...rows, ...byAddress, ...further.rows].map((whole) => [whole.id, whole])).values()]
    yield { entries: all.map((whole) => thingOf(whole, thing, ids, own)), gaps: [] }
    if (thing.object === 'Case') yield await commentsOn(org, all, own[0]!, signal)
  }
}

const none = { rows: [], gaps: [] } as const

/** Of a task or event `WhoId` names one person: the others who take part stand beside it. An org that does not keep them has none. */
async function takingPartIn(
  org: Org,
  object: string,
  { object: relation, thing }: NonNullable<Thing['parties']>,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly rows: readonly Whole[]; readonly gaps: AccessPage['gaps'] }> {
  const info = await infoOf(org, relation, signal)
  if (info === null) return none
  const hidden = [thing, 'RelationId'].filter((field) => !info.fields.has(field))
  if (hidden.length > 0) return { rows: [], gaps: hidden.map((field) => missingField(relation, field)) }
  const links = await rowsWith(org, relation, { fields: [thing], any: ['RelationId'], values: ids }, signal)
  const values = links.filter((row) => !isDeletedRow(row)).flatMap((row) => textAt(row, thing) ?? [])
  return { rows: await rowsOf(org, object, { any: ['Id'], values: [...new Set(values)] }, signal), gaps: [] }
}

/** Those of its lookups that may hold one of these records. */
function waysTo({ object, by }: Thing, own: readonly Own[]): readonly string[] {
  return by.filter((field) => {
    const way: Way = ofAccounts.has(field) ? { object, field, of: 'Account' } : { object, field }
    return own.some(({ ref }) => leadsTo(way, ref.object))
  })
}

/** Whether somebody who gets a copy without it has to be told. */
function isMissed({ settings }: Org, { object, usual }: Thing): boolean {
  return usual === true || (bindingKinds[object] !== undefined && !settings.without.some((name) => name === object))
}

/** By id, the person's record that it stands for. */
function idsOf(own: readonly Own[]): ReadonlyMap<string, RecordRef> {
  return new Map(own.flatMap(({ id, contact, ref }) => [[id, ref], ...(contact === null ? [] : [[contact, ref] as const])] as const))
}

function thingOf(
  whole: Whole,
  { object, kind, by, only, more = [] }: Thing,
  ids: ReadonlyMap<string, RecordRef>,
  own: readonly Own[],
): AccessEntry {
  const of = by.map((field) => ids.get(recordId(textAt(whole, field) ?? '', null) ?? '')).find((ref) => ref !== undefined) ?? own[0]!.ref
  const shown = new Set([...(only ?? []), ...more])
  const fields = entryOf(whole).filter(({ name }) => only === undefined || shown.has(name))
  return { part: kind, of, object, id: whole.id, fields }
}

async function commentsOn(org: Org, cases: readonly Whole[], { ref: of }: Own, signal: AbortSignal): Promise<AccessPage> {
  const rows = await rowsOf(org, 'CaseComment', { any: ['ParentId'], values: cases.map(({ id }) => id) }, signal)
  return {
    entries: rows.map(({ id, ...whole }) => ({ part: 'activity', of, object: 'CaseComment', id, fields: entryOf({ id, ...whole }) })),
    gaps: [],
  }
}

/** Mails by relation, by the sender's address, and on the person's cases. */
export async function* mailsOf(org: Org, own: readonly Own[], emails: readonly string[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  const ids = idsOf(own)
  const found = await emailsOf(org, [...ids.keys()], emails, signal)
  const cases = await rowsWith(org, 'Case', { fields: [], any: ['ContactId', 'AccountId'], values: [...ids.keys()] }, signal)
  const onCases = await rowsWith(org, 'EmailMessage', { fields: [], any: ['ParentId'], values: cases.map(({ id }) => id) }, signal)
  const mails = [...new Set([...found.map(({ id }) => id), ...onCases.map(({ id }) => id)])]
  for (const chunk of chunksOf(mails, 100)) {
    const rows = await rowsOf(org, 'EmailMessage', { any: ['Id'], values: chunk }, signal)
    const entries = rows.map((whole): AccessEntry => ({
      part: 'activity',
      of: own[0]!.ref,
      object: 'EmailMessage',
      id: whole.id,
      fields: mailFields(whole),
    }))
    yield { entries, gaps: [] }
  }
  const files = await filesOf(org, [...ids.keys()], signal)
  const entries = files.map(({ id, texts }): AccessEntry => ({
    part: 'file',
    of: own[0]!.ref,
    object: 'ContentDocument',
    id,
    fields: Object.entries(texts).flatMap(([name, text]) => (text === '' ? [] : [fieldOf(name, text, undefined, 'unknown')])),
  }))
  yield { entries, gaps: [] }
}

function mailFields(whole: Whole) {
  return entryOf(whole, whole.row['Incoming'] === true ? 'person' : 'other')
}

/** The Individual behind the records, with what may be done with their data, and its contact points. */
export async function* individualsOf(org: Org, own: readonly Own[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  const parties = partiesOf(own)
  const looks = [{ object: 'Individual', by: 'Id' }, ...contactPoints.map((object) => ({ object, by: 'ParentId' }))]
  for (const { object, by } of looks) {
    const rows = await rowsOf(org, object, { any: [by], values: [...parties.keys()] }, signal)
    const entries = rows
      .filter((whole) => !isDeletedRow(whole))
      .map((whole): AccessEntry => {
        const of = parties.get(by === 'Id' ? whole.id : (recordId(textAt(whole, by) ?? '', null) ?? '')) ?? own[0]!.ref
        return { part: 'consent', of, object, id: whole.id, fields: entryOf(whole) }
      })
    yield { entries, gaps: [] }
  }
}

export async function* consentsOf(org: Org, own: readonly Own[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  const parties = partiesOf(own)
  const ids = idsOf(own)
  const looks = [
    ...partyConsents.map(({ object, field }) => ({ object, field, of: parties })),
    ...consents.map(({ object, field }) => ({ object, field, of: new Map([...ids, ...parties]) })),
  ]
  for (const { object, field, of } of looks) {
    const info = await infoOf(org, object, signal)
    const more = info?.fields.has('DataUsePurposeId') === true ? ['DataUsePurpose.Name'] : []
    const rows = await rowsOf(org, object, { any: [field], values: [...of.keys()], more }, signal)
    const entries = rows.map((whole): AccessEntry => {
      const ref = of.get(recordId(textAt(whole, field) ?? '', null) ?? '') ?? own[0]!.ref
      return { part: 'consent', of: ref, object, id: whole.id, fields: entryOf(whole) }
    })
    yield { entries, gaps: [] }
  }
}

/** By id of the Individual. */
function partiesOf(own: readonly Own[]): ReadonlyMap<string, RecordRef> {
  return new Map(
    own.flatMap(({ whole, ref }) => {
      const id = recordId(textAt(whole, 'IndividualId') ?? textAt(whole, 'PersonIndividualId') ?? '', null)
      return id === null ? [] : [[id, ref] as const]
    }),
  )
}
