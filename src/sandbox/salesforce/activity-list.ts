/** OpenActivities and ActivityHistories: the tasks and events of a record in one list, which only a subquery can read. Salesforce docs: OpenActivity, ActivityHistory. */
import { addField, plainField } from './schema-object.ts'
import { createTable, insertRow, LIVE, lookupRows, readerOf } from './table.ts'
import { visibleField } from './org.ts'
import type { Cell } from './column.ts'
import type { Field, SObject } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Stage, Table } from './table.ts'

const LISTS = [
  { object: 'OpenActivity', label: 'Open Activity', labelPlural: 'Open Activities', list: 'OpenActivities', isHistory: false },
  { object: 'ActivityHistory', label: 'Activity History', labelPlural: 'Activity Histories', list: 'ActivityHistories', isHistory: true },
]
/** As a task names them, or else an event. */
const SHARED =
  'Id IsDeleted AccountId WhoId WhatId Subject ActivityDate ActivityDateTime OwnerId Status Priority IsHighPriority Location IsAllDayEvent CallDurationInSeconds CallType CallDisposition CallObject CompletedDateTime ReminderDateTime IsReminderSet StartDateTime EndDateTime DurationInMinutes Description CreatedDate CreatedById LastModifiedDate LastModifiedById SystemModstamp IsClosed'
/** Under another name there. */
const RENAMED: Readonly<Record<string, readonly [task: string, event: string]>> = {
  ActivityType: ['Type', ''],
  ActivitySubtype: ['TaskSubtype', 'EventSubtype'],
}
const NAMES = [...SHARED.split(' '), ...Object.keys(RENAMED)]

export const isActivityList = (name: string): boolean => LISTS.some(({ object }) => object.toLowerCase() === name.toLowerCase())

/** The two objects, with the fields of tasks and events that the user may see. */
export function activityObjects(org: Org): SObject[] {
  return LISTS.map(({ object: name, label, labelPlural }) => {
    const rights = { createable: false, updateable: false, deletable: false, undeletable: false, mergeable: false }
    const object: SObject = { name, keyPrefix: '', label, labelPlural, ...rights, feature: null, fields: [], byName: new Map() }
    for (const shown of NAMES) {
      const field = sourceField(org, 'task', shown) ?? sourceField(org, 'event', shown)
      if (field !== undefined) addField(object, readOnly({ ...field, name: shown }))
    }
    addField(object, readOnly(plainField('IsTask', 'Task', 'boolean')))
    const detail = plainField('AlternateDetailId', 'Alternate Detail ID', 'reference')
    addField(object, readOnly({ ...detail, length: 18, referenceTo: ['EmailMessage'], relationshipName: 'AlternateDetail' }))
    return object
  })
}

const readOnly = (field: Field): Field => ({
  ...field,
  createable: false,
  updateable: false,
  nillable: field.type !== 'boolean' && field.type !== 'id',
  childRelationshipName: null,
  onDelete: 'none',
})

function sourceField(org: Org, kind: 'task' | 'event', shown: string): Field | undefined {
  const object = org.tables.get(kind)?.object
  const name = RENAMED[shown]?.[kind === 'task' ? 0 : 1] ?? shown
  return object === undefined || name === '' ? undefined : visibleField(org, object, name)
}

/** By which field an object's activities point to it; undefined for an object without activities. */
function anchorOf(org: Org, parent: string): 'AccountId' | 'WhoId' | 'WhatId' | undefined {
  if (parent === 'Account') return 'AccountId'
  const task = org.tables.get('task')?.object.byName
  for (const name of ['WhoId', 'WhatId'] as const) if (task?.get(name.toLowerCase())?.referenceTo.includes(parent) === true) return name
  return undefined
}

/** The child relationships of a describe. */
export function activityRelationships(org: Org, parent: string): { childSObject: string; field: string; relationshipName: string }[] {
  const field = anchorOf(org, parent)
  return field === undefined ? [] : LISTS.map(({ object, list }) => ({ childSObject: object, field, relationshipName: list }))
}

export type ActivityList = { table: Table; name: string; rowsOf: (parentId: string) => number[] }

/** The list of that name below records of `parent`; its rows are made when a parent's are asked for. */
export function activityList(org: Org, parent: string, relationship: string): ActivityList | undefined {
  const at = LISTS.findIndex(({ list }) => list.toLowerCase() === relationship.toLowerCase())
  const listed = LISTS[at]
  const object = activityObjects(org)[at]
  const anchor = anchorOf(org, parent)
  if (listed === undefined || object === undefined || anchor === undefined) return undefined
  const table = createTable(object, org.tables)
  const sources = (['task', 'event'] as const).flatMap((kind) => sourceOf(org, kind, anchor, object) ?? [])
  return {
    table,
    name: listed.list,
    rowsOf: (parentId) =>
      sources.flatMap(({ rowsAt, isPast, cellsOf, from }) =>
        rowsAt(parentId)
          .filter((row) => isPast(row) === listed.isHistory)
          .map((row) => table.rows.get(from.ids[row] ?? '') ?? copy(table, from, row, cellsOf(row))),
      ),
  }
}

function copy(table: Table, from: Table, row: number, cells: readonly (readonly [string, Cell])[]): number {
  const at = insertRow(table, from.ids[row] ?? '', cells)
  table.stages[at] = from.stages[row] ?? (LIVE as Stage)
  return at
}

type Source = {
  from: Table
  rowsAt: (parentId: string) => number[]
  isPast: (row: number) => boolean
  cellsOf: (row: number) => (readonly [string, Cell])[]
}

function sourceOf(org: Org, kind: 'task' | 'event', anchor: string, list: SObject): Source | undefined {
  const from = org.tables.get(kind)
  if (from === undefined) return undefined
  // An account's list holds the activities of its contacts and deals, too: AccountId names it for those.
  const keys = anchor === 'AccountId' ? ['AccountId', 'WhatId'] : [anchor]
  const keyFields = keys.flatMap((key) => from.object.byName.get(key.toLowerCase()) ?? [])
  const readers = list.fields.flatMap(({ name }): [string, (row: number) => Cell][] => {
    const field = name === 'Id' || name === 'IsDeleted' ? undefined : sourceField(org, kind, name)
    return field === undefined ? [] : [[name, readerOf(from, field)]]
  })
  const mails = kind === 'task' ? org.tables.get('emailmessage') : undefined
  const ofTask = mails?.object.byName.get('activityid')
  return {
    from,
    rowsAt: (parentId) => [...new Set(keyFields.flatMap((field) => lookupRows(from, field, parentId)))].toSorted((a, b) => a - b),
    isPast: pastOf(org, kind, from),
    cellsOf(row) {
      const mail = mails === undefined || ofTask === undefined ? undefined : lookupRows(mails, ofTask, from.ids[row] ?? '')[0]
      const detail = mail === undefined ? null : (mails?.ids[mail] ?? null)
      return [
        ['IsTask', kind === 'task'],
        ['IsClosed', false],
        ['IsHighPriority', false],
        ['AlternateDetailId', detail],
        ...readers.map(([name, read]) => [name, read(row)] as const),
      ]
    },
  }
}

/** Closed tasks and past events are history. unverified: an event is past once it has ended. */
function pastOf(org: Org, kind: 'task' | 'event', table: Table): (row: number) => boolean {
  const field = table.object.byName.get(kind === 'task' ? 'isclosed' : 'enddatetime')
  if (field === undefined) return () => false
  const read = readerOf(table, field)
  if (kind === 'task') return (row) => read(row) === true
  const now = org.clock.now()
  return (row) => {
    const end = read(row)
    return typeof end === 'number' && end <= now
  }
}
