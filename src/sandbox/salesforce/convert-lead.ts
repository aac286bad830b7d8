/** Lead conversion: the lead becomes an account, a contact and perhaps an opportunity, and is frozen. Salesforce docs: convertLead(). */
import { changeRecord, insertRecord, liveRow } from './dml.ts'
import { childrenOf } from './cascade.ts'
import { LIVE, writeRow } from './table.ts'
import { parseId } from './ids.ts'
import { readOf } from './after-write.ts'
import { recordError } from './fault.ts'
import { stamp, touched } from './stamp.ts'
import { tableOf } from './grants.ts'
import { DAY } from './text.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

export type Conversion = {
  leadId: string
  convertedStatus: string
  accountId?: string
  contactId?: string
  opportunityId?: string
  opportunityName?: string
  doNotCreateOpportunity?: boolean
  overwriteLeadSource?: boolean
  ownerId?: string
}
export type Converted =
  | { ok: true; leadId: string; accountId: string; contactId: string; opportunityId: string | null }
  | { ok: false; leadId: string | null; errors: RecordError[] }

/** Lead field to field of what is made; custom fields go to the field of the same name. */
const TO_ACCOUNT =
  'Company>Name Phone Fax Website Industry AnnualRevenue NumberOfEmployees Rating Street>BillingStreet City>BillingCity State>BillingState PostalCode>BillingPostalCode Country>BillingCountry LeadSource>AccountSource'
const TO_CONTACT =
  'FirstName LastName Salutation Title Email Phone MobilePhone Fax LeadSource Description IndividualId HasOptedOutOfEmail HasOptedOutOfFax DoNotCall Street>MailingStreet City>MailingCity State>MailingState PostalCode>MailingPostalCode Country>MailingCountry'

export function convertLead(org: Org, wanted: Conversion): Converted {
  const leads = tableOf(org, 'Lead')
  const refuse = (error: RecordError): Converted => ({ ok: false, leadId: parseId(wanted.leadId) ?? null, errors: [error] })
  const lead = liveRow(org, leads, wanted.leadId)
  if ('statusCode' in lead) return refuse(lead)
  if (readOf(leads, lead.row, 'IsConverted') === true)
    return refuse(recordError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead'))
  if (!isConvertedStatus(org, wanted.convertedStatus))
    return refuse(recordError('INVALID_STATUS', `invalid convertedStatus: ${wanted.convertedStatus}`))
  if (wanted.contactId !== undefined && wanted.accountId === undefined)
    return refuse(recordError('REQUIRED_FIELD_MISSING', 'An accountId is required with a contactId', ['AccountId']))
  for (const [object, id] of [
    ['Account', wanted.accountId],
    ['Contact', wanted.contactId],
    ['Opportunity', wanted.opportunityId],
  ] as const) {
    const found = id === undefined ? undefined : liveRow(org, tableOf(org, object), id)
    if (found !== undefined && 'statusCode' in found) return refuse(found)
  }
  const owner = parseId(wanted.ownerId) ?? readOf(leads, lead.row, 'OwnerId')
  const accountId = parseId(wanted.accountId) ?? make(org, leads, lead.row, 'Account', TO_ACCOUNT, [['OwnerId', owner]])
  const contactId =
    parseId(wanted.contactId) ??
    make(org, leads, lead.row, 'Contact', TO_CONTACT, [
      ['OwnerId', owner],
      ['AccountId', accountId],
    ])
  if (wanted.contactId !== undefined && wanted.overwriteLeadSource === true) copySource(org, leads, lead.row, contactId)
  const opportunityId =
    parseId(wanted.opportunityId) ??
    (wanted.doNotCreateOpportunity === true ? null : makeOpportunity(org, leads, lead.row, wanted, accountId, owner))
  if (opportunityId !== null) relate(org, opportunityId, contactId)
  moveChildren(org, leads, lead.id, contactId)
  freeze(org, leads, lead.row, wanted.convertedStatus, { accountId, contactId, opportunityId })
  return { ok: true, leadId: lead.id, accountId, contactId, opportunityId }
}

function isConvertedStatus(org: Org, status: string): boolean {
  const table = tableOf(org, 'LeadStatus')
  return table.stages.some(
    (stage, row) => stage === LIVE && readOf(table, row, 'ApiName') === status && readOf(table, row, 'IsConverted') === true,
  )
}

function make(org: Org, leads: Table, row: number, object: string, mapping: string, more: readonly [string, Cell][]): string {
  const table = tableOf(org, object)
  const cells = new Map<string, Cell>(more)
  for (const pair of mapping.split(' ')) {
    const [from = '', to = from] = pair.split('>')
    const cell = readOf(leads, row, from)
    if (cell !== null && table.object.byName.has(to.toLowerCase())) cells.set(to, cell)
  }
  for (const field of leads.object.fields) {
    const target = field.custom ? table.object.byName.get(field.name.toLowerCase()) : undefined
    const cell = target === undefined || target.source !== null ? null : readOf(leads, row, field.name)
    if (target !== undefined && cell !== null) cells.set(target.name, cell)
  }
  return insertRecord(org, table, cells)
}

function copySource(org: Org, leads: Table, row: number, contactId: string): void {
  const contacts = tableOf(org, 'Contact')
  const at = contacts.rows.get(contactId)
  if (at !== undefined) changeRecord(org, contacts, at, new Map([['LeadSource', readOf(leads, row, 'LeadSource')]]))
}

/** It closes with the present quarter. */
function makeOpportunity(org: Org, leads: Table, row: number, wanted: Conversion, accountId: string, owner: Cell): string {
  const now = new Date(org.clock.now())
  const close = Date.UTC(now.getUTCFullYear(), (Math.floor(now.getUTCMonth() / 3) + 1) * 3, 1) - DAY
  const name = wanted.opportunityName ?? String(readOf(leads, row, 'Company') ?? '-')
  const cells: [string, Cell][] = [
    ['Name', name.slice(0, 120)],
    ['AccountId', accountId],
    ['StageName', 'Prospecting'],
    ['CloseDate', close],
    ['LeadSource', readOf(leads, row, 'LeadSource')],
    ['OwnerId', owner],
  ]
  return insertRecord(org, tableOf(org, 'Opportunity'), new Map(cells))
}

function relate(org: Org, opportunityId: string, contactId: string): void {
  insertRecord(
    org,
    tableOf(org, 'OpportunityContactRole'),
    new Map<string, Cell>([
      ['OpportunityId', opportunityId],
      ['ContactId', contactId],
      ['IsPrimary', true],
    ]),
  )
}

/** Activities, notes and files go to the contact; a campaign member is then both. */
function moveChildren(org: Org, leads: Table, leadId: string, contactId: string): void {
  for (const { child, field, row } of childrenOf(org, leads, leadId)) {
    if (child.object.name === 'CampaignMember') {
      if (field.name === 'LeadId')
        writeRow(child, row, [['ContactId', contactId], ['LeadOrContactId', contactId], ['Type', 'Contact'], ...touched(org, child.object)])
    } else if (field.referenceTo.includes('Contact') && !child.object.name.endsWith('History')) {
      writeRow(child, row, [[field.name, contactId], ...touched(org, child.object)])
    }
  }
}

function freeze(
  org: Org,
  leads: Table,
  row: number,
  status: string,
  made: { accountId: string; contactId: string; opportunityId: string | null },
): void {
  writeRow(leads, row, [
    ['IsConverted', true],
    ['Status', status],
    ['ConvertedDate', Math.floor(stamp(org) / DAY) * DAY],
    ['ConvertedAccountId', made.accountId],
    ['ConvertedContactId', made.contactId],
    ['ConvertedOpportunityId', made.opportunityId],
    ...touched(org, leads.object),
  ])
}
