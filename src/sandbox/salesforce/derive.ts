/** Cells that follow from others when a row is written: closed or not, numbers, parts of addresses. Salesforce docs: Object Reference. */
import { DAY } from './text.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

/** The row as it will be: what is written over what it holds. */
export type Draft = { org: Org; table: Table; get: (name: string) => Cell; isNew: boolean; now: number }
type Derived = readonly (readonly [string, Cell])[]

/** Runs for the objects that have such cells; contacts and leads have none. */
export function deriveCells(draft: Draft): Derived {
  return DERIVATIONS[draft.table.object.name]?.(draft) ?? []
}

const MINUTE = 60_000
const text = (cell: Cell): string => (typeof cell === 'string' ? cell : '')

type Stage = { isClosed: boolean; isWon: boolean; probability: number; forecast: string; forecastName: string }
const stage = (probability: number, forecast: string, forecastName: string, isClosed = false, isWon = false): Stage => ({
  probability,
  forecast,
  forecastName,
  isClosed,
  isWon,
})
/** The stages an org starts with. */
export const STAGES: Readonly<Record<string, Stage>> = {
  Prospecting: stage(10, 'Pipeline', 'Pipeline'),
  Qualification: stage(10, 'Pipeline', 'Pipeline'),
  'Needs Analysis': stage(20, 'Pipeline', 'Pipeline'),
  'Value Proposition': stage(50, 'Pipeline', 'Pipeline'),
  'Id. Decision Makers': stage(60, 'Pipeline', 'Pipeline'),
  'Perception Analysis': stage(70, 'Pipeline', 'Pipeline'),
  'Proposal/Price Quote': stage(75, 'Pipeline', 'Pipeline'),
  'Negotiation/Review': stage(90, 'Pipeline', 'Pipeline'),
  'Closed Won': stage(100, 'Closed', 'Closed', true, true),
  'Closed Lost': stage(0, 'Omitted', 'Omitted', true, false),
}
const CONTRACT_CODES: Readonly<Record<string, string>> = { 'In Approval Process': 'InApproval', Activated: 'Activated', Draft: 'Draft' }

const DERIVATIONS: Readonly<Record<string, (draft: Draft) => Derived>> = {
  Task: taskCells,
  Event: eventCells,
  Case: caseCells,
  Opportunity: opportunityCells,
  CampaignMember: memberCells,
  Contract: ({ org, get, isNew }) => [
    ...numbered(org, 'ContractNumber', '800', isNew, get),
    ['StatusCode', CONTRACT_CODES[text(get('Status'))] ?? 'Draft'],
  ],
  Order: ({ org, get, isNew }) => [
    ...numbered(org, 'OrderNumber', '801', isNew, get),
    ['StatusCode', text(get('Status')) === 'Activated' ? 'Activated' : 'Draft'],
  ],
  ContactPointEmail: ({ get }) => {
    const address = text(get('EmailAddress'))
    const at = address.lastIndexOf('@')
    const parts: Derived =
      at < 0
        ? []
        : [
            ['EmailMailBox', address.slice(0, at)],
            ['EmailDomain', address.slice(at + 1)],
          ]
    return [['Name', address === '' ? null : address], ...parts]
  },
  ContactPointPhone: ({ get }) => [['Name', get('TelephoneNumber')]],
  Attachment: ({ get }) => [['BodyLength', Buffer.from(text(get('Body')), 'base64').length]],
  EmailMessageRelation: ({ org, get }) => [['RelationObjectType', objectOf(org, get('RelationId'))]],
  AuthorizationFormConsent: () => [],
}

/** Whether rows of the object have derived cells at all. */
export const isDerived = (object: string): boolean => DERIVATIONS[object] !== undefined

function objectOf(org: Org, id: Cell): string | null {
  for (const { object, rows } of org.tables.values()) if (typeof id === 'string' && rows.has(id)) return object.name
  return null
}

/** An auto-number of eight digits, counted apart from the ids. */
function numbered(org: Org, field: string, prefix: string, isNew: boolean, get: (name: string) => Cell): Derived {
  if (!isNew || get(field) !== null) return []
  const key = `#${prefix}`
  const number = (org.sequence.get(key) ?? 999) + 1
  org.sequence.set(key, number)
  return [[field, String(number).padStart(8, '0')]]
}

function taskCells({ org, get, now }: Draft): Derived {
  const isClosed = get('Status') === 'Completed'
  return [
    ['IsClosed', isClosed],
    ['CompletedDateTime', isClosed ? (get('CompletedDateTime') ?? now) : null],
    ['IsHighPriority', get('Priority') === 'High'],
    ['WhoCount', get('WhoId') === null ? 0 : 1],
    ['WhatCount', get('WhatId') === null ? 0 : 1],
    ['AccountId', accountOf(org, get)],
    ['TaskSubtype', get('TaskSubtype') ?? 'Task'],
  ]
}

/** The account an activity counts for: the one it is about, or the contact's. */
function accountOf(org: Org, get: (name: string) => Cell): Cell {
  for (const [name, object] of [
    ['WhatId', 'account'],
    ['WhatId', 'opportunity'],
    ['WhatId', 'case'],
    ['WhoId', 'contact'],
  ] as const) {
    const id = get(name)
    const table = org.tables.get(object)
    const row = typeof id === 'string' ? table?.rows.get(id) : undefined
    if (table === undefined || row === undefined) continue
    return object === 'account' ? id : (table.columns.get('AccountId')?.get(row) ?? null)
  }
  return null
}

function eventCells({ org, get }: Draft): Derived {
  const start = get('StartDateTime') ?? get('ActivityDateTime') ?? get('ActivityDate')
  const minutes = get('DurationInMinutes')
  if (typeof start !== 'number') return [['AccountId', accountOf(org, get)]]
  const given = get('EndDateTime')
  const end = typeof minutes === 'number' ? start + minutes * MINUTE : typeof given === 'number' ? given : start + 60 * MINUTE
  const dayOf = (ms: number): number => Math.floor(ms / DAY) * DAY
  return [
    ['StartDateTime', start],
    ['ActivityDateTime', start],
    ['ActivityDate', dayOf(start)],
    ['EndDateTime', end],
    ['EndDate', dayOf(end)],
    ['DurationInMinutes', Math.round((end - start) / MINUTE)],
    ['EventSubtype', get('EventSubtype') ?? 'Event'],
    ['AccountId', accountOf(org, get)],
  ]
}

function caseCells({ org, get, isNew, now }: Draft): Derived {
  const isClosed = get('Status') === 'Closed'
  return [
    ...numbered(org, 'CaseNumber', '500', isNew, get),
    ['IsClosed', isClosed],
    ['ClosedDate', isClosed ? (get('ClosedDate') ?? now) : null],
  ]
}

function opportunityCells({ get, now, isNew }: Draft): Derived {
  const known = STAGES[text(get('StageName'))] ?? stage(0, 'Pipeline', 'Pipeline')
  const amount = get('Amount')
  const close = get('CloseDate')
  const date = typeof close === 'number' ? new Date(close) : null
  const quarter = date === null ? null : Math.floor(date.getUTCMonth() / 3) + 1
  return [
    ['IsClosed', known.isClosed],
    ['IsWon', known.isWon],
    ['Probability', known.probability],
    ['ForecastCategory', known.forecast],
    ['ForecastCategoryName', known.forecastName],
    ['ExpectedRevenue', typeof amount === 'number' ? (amount * known.probability) / 100 : null],
    ['FiscalYear', date?.getUTCFullYear() ?? null],
    ['FiscalQuarter', quarter],
    ['Fiscal', date === null ? null : `${date.getUTCFullYear()} ${quarter}`],
    ['LastStageChangeDate', isNew ? null : (get('LastStageChangeDate') ?? now)],
  ]
}

function memberCells({ org, get, now }: Draft): Derived {
  const person = get('ContactId') ?? get('LeadId')
  const hasResponded = respondedStatus(org, get('CampaignId'), get('Status'))
  return [
    ['LeadOrContactId', person],
    ['Type', person === null ? null : text(person).startsWith('003') ? 'Contact' : 'Lead'],
    ['HasResponded', hasResponded],
    ['FirstRespondedDate', hasResponded ? (get('FirstRespondedDate') ?? Math.floor(now / DAY) * DAY) : null],
  ]
}

/** Whether the campaign counts the status as a response; without statuses of its own, `Responded` is the one. */
function respondedStatus(org: Org, campaign: Cell, status: Cell): boolean {
  const table = org.tables.get('campaignmemberstatus')
  const column = (name: string, row: number): Cell => table?.columns.get(name)?.get(row) ?? null
  const own = (table?.stages ?? []).flatMap((each, row) => (each === 0 && column('CampaignId', row) === campaign ? [row] : []))
  if (own.length === 0) return status === 'Responded'
  return own.some((row) => column('Label', row) === status && column('HasResponded', row) === true)
}
