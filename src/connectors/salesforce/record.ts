/** One row of an answer as a record, or as gone. */
import type { CrmRecord, FieldValue, Gone } from '../connector.ts'
import { type Row, unreadable } from './payloads.ts'
import type { Plan } from './schema.ts'
import { textOf } from './values.ts'

/** SystemModstamp has whole seconds: within this time of one, another change could still carry the same stamp. */
const UNSETTLED_MS = 2_000

/** The account of a person account is the person, and no company: it reads as none (Salesforce object reference: Contact, IsPersonAccount). */
export const ACCOUNT = 'AccountId'
export const PERSON = 'IsPersonAccount'

/** The columns every query needs besides the requested ones; `deleted`: for queryAll, which shows the recycle bin. */
export function columnsOf(plan: Plan, rows: 'live' | 'deleted too'): string[] {
  const own = rows === 'live' ? [] : ['IsDeleted', 'MasterRecordId']
  const beside = plan.types.has(ACCOUNT) ? [...own, PERSON] : own
  return [...new Set(['Id', 'SystemModstamp', ...beside.filter((name) => plan.info.fields.has(name)), ...plan.paths])]
}

/** Of an answer to queryAll; an object without a recycle bin has no such column. */
export function isDeleted(plan: Plan, row: Row): boolean {
  if (!plan.info.fields.has('IsDeleted')) return false
  const value = row['IsDeleted']
  if (typeof value !== 'boolean') throw unreadable('a record', 'IsDeleted')
  return value
}

/**
 * The version of a record is its SystemModstamp. A record read in the very second of its change gets a mark on it, so that
 * the next reading counts as a change and nothing that happened later in that second is taken for known.
 */
export function versionOf(stamp: number, asOf: number): string {
  return `${new Date(stamp).toISOString()}${asOf - stamp < UNSETTLED_MS ? '~' : ''}`
}

export function sameVersion(stamp: number, version: string): boolean {
  return version.replace(/~$/, '') === new Date(stamp).toISOString()
}

export function stampOf(row: Row): number {
  const value = row['SystemModstamp']
  const stamp = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(stamp)) throw unreadable('a record', 'SystemModstamp')
  return stamp
}

export function idOf(row: Row): string {
  const id = row['Id']
  if (typeof id !== 'string' || !/^[A-Za-z0-9]{15,18}$/.test(id)) throw unreadable('a record', 'Id')
  return id
}

/** `asOf`: the server's clock when it began to answer. */
export function toRecord(plan: Plan, row: Row, asOf: number): CrmRecord {
  const stamp = stampOf(row)
  const fields: Record<string, FieldValue> = {}
  for (const [path, type] of plan.types) fields[path] = textOf(pick(row, path), type, path)
  if (row[PERSON] === true && plan.types.has(ACCOUNT)) fields[ACCOUNT] = null
  return { ref: { object: plan.info.object, id: idOf(row) }, version: versionOf(stamp, asOf), modifiedAt: stamp, fields }
}

function pick(row: Row, path: string): unknown {
  const dot = path.indexOf('.')
  const value = dot < 0 ? row[path] : row[path.slice(0, dot)]
  if (value === undefined) throw unreadable('a record', path)
  if (dot < 0 || value === null) return value
  const parent = (value as Row)[path.slice(dot + 1)]
  if (parent === undefined) throw unreadable('a record', path)
  return parent
}

/** A merge leaves the loser in the recycle bin with MasterRecordId = winner (Salesforce help: merge). */
export function toGone(object: string, row: Row): Gone {
  const master = row['MasterRecordId']
  return {
    ref: { object, id: idOf(row) },
    at: stampOf(row),
    ...(typeof master === 'string' && master !== '' && { into: { object, id: master } }),
  }
}

/** Does a CSV hold every column of the plan? The columns of a resumed job are those of the pull that made it. */
export function covers(header: readonly string[], plan: Plan): boolean {
  const present = new Set(header.map((column) => column.toLowerCase()))
  return columnsOf(plan, 'live').every((column) => present.has(column.toLowerCase()))
}
