/** What Salesforce does by itself once a row is written: last activity, field history, relations, the document of a file. */
import { DELETED, insertRow, LIVE, lookupRows, readerOf, setStage, writeRow } from './table.ts'
import { authored, stamp } from './stamp.ts'
import { nextIdOf } from './org.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

const cellOf = (table: Table, row: number, name: string): Cell => table.columns.get(name)?.get(row) ?? null

/** A new activity never takes back what is already known of the last one. */
export function afterWrite(org: Org, table: Table, row: number, isNew: boolean): void {
  switch (table.object.name) {
    case 'Task':
    case 'Event':
      for (const id of activityRoots(table, row)) refreshActivity(org, id, isNew)
      return
    case 'Contact':
      if (org.switches.features.has('relations')) relateDirectly(org, table, row)
      return
    case 'Campaign':
      if (isNew) addStatuses(org, table.ids[row] ?? '')
      return
    case 'ContentVersion':
      if (cellOf(table, row, 'ContentDocumentId') === null) addDocument(org, table, row)
  }
}

/** The records whose last activity an activity may move. */
export function activityRoots(table: Table, row: number): string[] {
  if (table.object.name !== 'Task' && table.object.name !== 'Event') return []
  return ['WhoId', 'WhatId', 'AccountId'].map((name) => cellOf(table, row, name)).filter((cell) => typeof cell === 'string')
}

/** LastActivityDate: the later of the newest event's day and the latest due date of a closed task. Salesforce docs: Object Reference. */
export function refreshActivity(org: Org, id: string, keeps: boolean): void {
  const owner = [...org.tables.values()].find(({ object, rows }) => object.keyPrefix === id.slice(0, 3) && rows.has(id))
  const row = owner?.rows.get(id)
  if (owner === undefined || row === undefined || !owner.object.byName.has('lastactivitydate')) return
  const before = cellOf(owner, row, 'LastActivityDate')
  let latest: number | null = keeps && typeof before === 'number' ? before : null
  for (const name of ['task', 'event']) {
    const table = org.tables.get(name)
    if (table === undefined) continue
    for (const link of ['whoid', 'whatid', 'accountid']) {
      const field = table.object.byName.get(link)
      if (field === undefined) continue
      for (const at of lookupRows(table, field, id)) {
        if (table.stages[at] !== LIVE || (name === 'task' && cellOf(table, at, 'IsClosed') !== true)) continue
        const day = cellOf(table, at, 'ActivityDate')
        if (typeof day === 'number' && (latest === null || day > latest)) latest = day
      }
    }
  }
  if (before !== latest) writeRow(owner, row, [['LastActivityDate', latest]])
}

/** One history row for each tracked field that changed. */
export function keepHistory(org: Org, table: Table, row: number, cells: ReadonlyMap<string, Cell>): void {
  const { tracked } = org.switches
  const { name } = table.object
  const histories = org.tables.get(`${name === 'Opportunity' ? 'OpportunityField' : name}History`.toLowerCase())
  if (tracked.size === 0 || histories === undefined) return
  for (const [field, cell] of cells) {
    const before = cellOf(table, row, field)
    if (!tracked.has(`${name}.${field}`.toLowerCase()) || before === cell) continue
    insertRow(histories, nextIdOf(org, histories), [
      [`${name}Id`, table.ids[row] ?? ''],
      ['Field', field],
      ['DataType', table.object.byName.get(field.toLowerCase())?.type === 'picklist' ? 'EnumOrId' : 'Text'],
      ['OldValue', before === null ? null : String(before)],
      ['NewValue', cell === null ? null : String(cell)],
      ['CreatedDate', stamp(org)],
      ['CreatedById', org.userId],
    ])
  }
}

/** Each contact of an account has a direct relation to it. Salesforce docs: AccountContactRelation. */
export function relateDirectly(org: Org, contacts: Table, row: number): void {
  const relations = org.tables.get('accountcontactrelation')
  const field = relations?.object.byName.get('contactid')
  if (relations === undefined || field === undefined) return
  const id = contacts.ids[row] ?? ''
  const account = cellOf(contacts, row, 'AccountId')
  let isThere = false
  for (const at of lookupRows(relations, field, id)) {
    if (relations.stages[at] !== LIVE || cellOf(relations, at, 'IsDirect') !== true) continue
    if (cellOf(relations, at, 'AccountId') === account) isThere = true
    else setStage(relations, at, DELETED, { deletedAt: stamp(org), purgedAt: null, root: relations.ids[at] ?? '' })
  }
  if (isThere || account === null) return
  insertRow(relations, nextIdOf(org, relations), [
    ...authored(org, relations.object),
    ['AccountId', account],
    ['ContactId', id],
    ['IsDirect', true],
    ['IsActive', true],
  ])
}

/** Every campaign starts with two statuses of its members. Salesforce docs: CampaignMemberStatus. */
function addStatuses(org: Org, campaign: string): void {
  const table = org.tables.get('campaignmemberstatus')
  if (table === undefined) return
  for (const [at, Label] of ['Sent', 'Responded'].entries()) {
    insertRow(table, nextIdOf(org, table), [
      ...authored(org, table.object),
      ['CampaignId', campaign],
      ['Label', Label],
      ['SortOrder', at + 1],
      ['IsDefault', at === 0],
      ['HasResponded', at === 1],
    ])
  }
}

/** A first version makes the document, and its link to where it was published. Salesforce docs: ContentVersion. */
function addDocument(org: Org, versions: Table, row: number): void {
  const [documents, links] = [org.tables.get('contentdocument'), org.tables.get('contentdocumentlink')]
  if (documents === undefined || links === undefined) return
  const id = nextIdOf(org, documents)
  const path = cellOf(versions, row, 'PathOnClient')
  const extension = typeof path === 'string' ? (/\.(\w+)$/.exec(path)?.[1] ?? null) : null
  const size = Buffer.from(String(cellOf(versions, row, 'VersionData') ?? ''), 'base64').length
  const title = cellOf(versions, row, 'Title') ?? (typeof path === 'string' ? path.replace(/^.*\//, '').replace(/\.\w+$/, '') : 'Untitled')
  insertRow(documents, id, [
    ...authored(org, documents.object),
    ['Title', title],
    ['FileExtension', extension],
    ['FileType', extension?.toUpperCase() ?? 'UNKNOWN'],
    ['ContentSize', size],
    ['LatestPublishedVersionId', versions.ids[row] ?? ''],
    ['PublishStatus', 'P'],
  ])
  writeRow(versions, row, [
    ['ContentDocumentId', id],
    ['Title', title],
    ['ContentSize', size],
    ['FileExtension', extension],
    ['FileType', extension?.toUpperCase() ?? 'UNKNOWN'],
    ['VersionNumber', '1'],
    ['IsLatest', true],
  ])
  const place = cellOf(versions, row, 'FirstPublishLocationId')
  for (const [entity, share] of [[org.userId, 'I'], ...(place === null ? [] : [[place, 'V']])] as const) {
    insertRow(links, nextIdOf(org, links), [
      ['ContentDocumentId', id],
      ['LinkedEntityId', entity ?? null],
      ['ShareType', share ?? 'V'],
      ['Visibility', 'AllUsers'],
      ['SystemModstamp', stamp(org)],
    ])
  }
}

/** Opens a field's reader by name; for what is not held in a column. */
export const readOf = (table: Table, row: number, name: string): Cell => {
  const field = table.object.byName.get(name.toLowerCase())
  return field === undefined ? null : readerOf(table, field)(row)
}
