/** What an erasure asks of an org: rows by checked values, all of them, and only of objects and fields that this user may see. */
import { ConnectorError, type Problem, type RecordRef } from '../connector.ts'
import { together } from '../together.ts'
import type { Org } from './org.ts'
import type { Row } from './payloads.ts'
import { queryRows } from './query.ts'
import { idOf } from './record.ts'
import { recordId } from './record-id.ts'
import type { ObjectInfo, Plan } from './schema.ts'
import { name, quote, select } from './soql.ts'

/** A query stands in a URL: a value takes up to 254 characters, and three times that when every one of them is encoded. */
const valuesPerQuery = 20
const idsPerQuery = 200
/** Rows of one answer (SOQL guide). */
const rowsPerQuery = 2_000

export type Found = { readonly info: ObjectInfo; readonly plan: Plan; readonly row: Row; readonly id: string }

/** `null`: no such object in this org, or none that this user may see. */
export function infoOf(org: Org, object: string, signal: AbortSignal): Promise<ObjectInfo | null> {
  return org.schemas.find(object, signal)
}

export type Asked = { readonly fields: readonly string[]; readonly any: readonly string[]; readonly values: readonly string[] }

/** Deleted rows too, where the object has a bin. `any`: fields of which one holds one of the values; those that are hidden are left out. */
export async function rowsWith(org: Org, object: string, { fields, any, values }: Asked, signal: AbortSignal): Promise<readonly Found[]> {
  if (values.length === 0) return []
  // What is compared is read as well, to tell whose row it is.
  const named = [...new Set([...fields, ...any.filter((field) => field !== 'Id')])]
  return asking(org, { object, fields: named, any }, values, signal)
}

type Answer = { readonly rows: readonly Found[]; readonly byValue: ReadonlyMap<string, readonly Found[]>; readonly unasked: number }

const asking = together(
  async (
    org: Org,
    { object, ...shape }: Omit<Asked, 'values'> & { object: string },
    values: readonly string[],
    signal,
  ): Promise<Answer> => {
    const rows = new Map<string, Found>()
    for await (const page of pagesWith(org, object, { ...shape, values }, signal)) for (const one of page) rows.set(one.id, one)
    const asked = new Set(values.map(comparable))
    const byValue = new Map<string, Found[]>()
    let unasked = 0
    for (const one of rows.values()) {
      const held = new Set(shape.any.map((field) => comparable(field === 'Id' ? one.id : (textAt(one, field) ?? ''))))
      const own = [...held].filter((value) => asked.has(value))
      if (own.length === 0) unasked++
      for (const value of own) byValue.set(value, [...(byValue.get(value) ?? []), one])
    }
    return { rows: [...rows.values()], byValue, unasked }
  },
  ({ rows, byValue, unasked }, values, askers): readonly Found[] => {
    if (askers === 1) return rows
    // Salesforce may take for equal what we do not: then each asks for themselves.
    if (unasked > 0) throw new ConnectorError('unexpected-shape', 'Salesforce answered with rows of nobody who asked')
    return [...new Set(values.flatMap((value) => byValue.get(comparable(value)) ?? []))]
  },
)

/** SOQL compares ids in both lengths, and texts in any case. */
function comparable(value: string): string {
  return recordId(value, null) ?? value.toLowerCase()
}

/** The same page by page, for what may be long; a row that two values lead to may come twice. */
export async function* pagesWith(
  org: Org,
  object: string,
  { fields, any, values }: Asked,
  signal: AbortSignal,
): AsyncGenerator<readonly Found[]> {
  const info = await infoOf(org, object, signal)
  const visible = [...new Set(any)].filter((field) => field === 'Id' || info?.fields.has(field) === true)
  if (info === null || visible.length === 0 || values.length === 0) return
  // Each field names them all once more.
  const size = values.every((value) => recordId(value, null) !== null) ? Math.ceil(idsPerQuery / visible.length) : valuesPerQuery
  for (const chunk of chunksOf([...new Set(values)], size)) {
    const list = chunk.map(quote).join(',')
    yield* pages(org, info, fields, `(${visible.map((field) => `${name(field)} IN (${list})`).join(' OR ')})`, signal)
  }
}

/** `where` is made of names and quoted values only. */
async function* pages(
  org: Org,
  info: ObjectInfo,
  fields: readonly string[],
  where: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Found[]> {
  const own = ['IsDeleted', 'MasterRecordId'].filter((field) => info.fields.has(field))
  for (let last = ''; ;) {
    const condition = last === '' ? where : `${where} AND Id > ${quote(last)}`
    const soql = (plan: Plan): string =>
      select({
        fields: [...new Set(['Id', ...own, ...plan.paths])],
        object: info.object,
        where: condition,
        orderBy: ['Id'],
        limit: rowsPerQuery,
      })
    const { rows, plan, whole } = await queryRows(org, { object: info.object, fields, resource: 'queryAll', soql }, signal)
    const found = rows.map((row): Found => ({ info, plan, row, id: recordId(idOf(row), null) ?? idOf(row) }))
    if (found.length > 0) yield found
    if (whole && rows.length < rowsPerQuery) return
    const end = found.at(-1)?.id ?? ''
    // A wide SELECT makes the server answer in parts, never in none.
    if (end === '' || end === last)
      throw new ConnectorError('unexpected-shape', `Salesforce cuts the ${info.object} rows short and gives none`)
    last = end
  }
}

export function isDeletedRow({ row }: Pick<Found, 'row'>): boolean {
  return row['IsDeleted'] === true
}

export function textAt({ row }: Pick<Found, 'row'>, field: string): string | null {
  const value = row[field]
  return typeof value === 'string' && value !== '' ? value : null
}

export function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

/** The 18-character ids, checked against the object's prefix: a wrong one could name another resource in a call that destroys. */
export async function checkedIds(org: Org, refs: readonly RecordRef[], signal: AbortSignal): Promise<readonly string[]> {
  const ids: string[] = []
  for (const { object, id } of refs) {
    const { keyPrefix } = await org.schemas.demand(object, signal)
    const full = keyPrefix === null ? null : recordId(id, keyPrefix)
    if (full === null)
      throw new ConnectorError(
        'refused',
        `one of the ids is no Salesforce id of ${object}; erasures act on ids that were read from Salesforce`,
      )
    ids.push(full)
  }
  return ids
}

export function missingField(object: string, field: string): Problem {
  return {
    kind: 'field-hidden',
    name: `${object}.${field}`,
    message: `${object}.${field} is hidden from the integration user; grant Read on it`,
  }
}
