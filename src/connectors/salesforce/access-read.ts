/** Rows with every field that this user may see, in as many queries as their names take, and each field as a person may read it. */
import type { AccessField, Provenance } from '../../core/access/entry.ts'
import { ConnectorError, type Problem } from '../connector.ts'
import { infoOf, rowsWith, type Asked, type Found } from './erasure-read.ts'
import type { Org } from './org.ts'
import type { DescribedField, Row } from './payloads.ts'
import { unreadableTypes, type ObjectInfo } from './schema.ts'
import { textOf } from './values.ts'

/** Letters of names in one SELECT: it stands in a URL beside the ids (docs: 16,384 bytes for URL and headers). */
const namesPerQuery = 6_000
/** Bookkeeping of the platform itself: ids of the person's own rows, and when this very user looked at them. */
const ofPlatform = new Set(['Id', 'LastViewedDate', 'LastReferencedDate', 'SystemModstamp', 'attributes'])

/** A row with all that was asked of it, over several queries. */
export type Whole = Pick<Found, 'info' | 'id' | 'row'> & { readonly types: ReadonlyMap<string, string> }

/** Of an object that is not there, or hidden: none. Deleted rows too. `more`: fields of a parent, such as `Campaign.Name`. */
export async function rowsOf(
  org: Org,
  object: string,
  { any, values, more = [] }: Pick<Asked, 'any' | 'values'> & { more?: readonly string[] },
  signal: AbortSignal,
): Promise<readonly Whole[]> {
  const info = await infoOf(org, object, signal)
  if (info === null || !info.queryable || values.length === 0) return []
  const names = [...info.fields.values()].filter(({ type }) => !unreadableTypes.has(type)).map(({ name }) => name)
  const found = new Map<string, { info: ObjectInfo; id: string; row: Row; types: Map<string, string> }>()
  let first = true
  for (const fields of inBatches([...names, ...more])) {
    const rows = await rowsWith(org, object, { fields, any, values }, signal)
    for (const { id, row, plan } of rows) {
      const known = found.get(id)
      if (known !== undefined) {
        Object.assign(known.row, row)
        for (const [path, type] of plan.types) known.types.set(path, type)
      } else if (first) found.set(id, { info, id, row: { ...row }, types: new Map(plan.types) })
    }
    if (rows.length < found.size) throw new ConnectorError('unavailable', `some ${object} rows vanished while they were read; begin again`)
    first = false
  }
  return [...found.values()]
}

function inBatches(names: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [[]]
  let letters = 0
  for (const name of names) {
    if (letters + name.length > namesPerQuery) {
      batches.push([])
      letters = 0
    }
    batches.at(-1)!.push(name)
    letters += name.length + 1
  }
  return batches
}

/** Those of its fields that are not empty. */
export function entryOf(whole: Whole, provenance: Provenance = 'unknown'): AccessField[] {
  return [...whole.types].flatMap(([path, type]) => {
    const [own = '', ofParent] = path.split('.')
    if (ofPlatform.has(path)) return []
    const held = ofParent === undefined ? whole.row[own] : (whole.row[own] as Row | null | undefined)?.[ofParent]
    // Told of what lies in the bin; that all others do not is no news.
    if (held === undefined || held === null || (path === 'IsDeleted' && held === false)) return []
    const value = textOf(held, type, path)
    return value === null ? [] : [fieldOf(path, value, whole.info.fields.get(path), provenance)]
  })
}

/** `field` is undefined for one of a parent. */
export function fieldOf(name: string, value: string, field: DescribedField | undefined, provenance: Provenance): AccessField {
  const label = field?.label ?? name.replace('.', ' ')
  const shown = field === undefined ? null : shownOf(field, value)
  const from = field?.calculated === true ? 'derived' : provenance
  return { name, label, value, shown, at: null, source: null, provenance: from, holds: field === undefined ? 'plain' : holdsOf(field) }
}

function shownOf({ picklistValues, type }: DescribedField, value: string): string | null {
  const labels = new Map((picklistValues ?? []).map((option) => [option.value, option.label ?? option.value]))
  const shown = (type === 'multipicklist' ? value.split(';') : [value]).map((part) => labels.get(part) ?? part).join('; ')
  return shown === value || labels.size === 0 ? null : shown
}

const parties = new Set([
  'FromName',
  'FromAddress',
  'ToAddress',
  'CcAddress',
  'BccAddress',
  'ValidatedFromAddress',
  'Headers',
  'RelationAddress',
])
export function holdsOf({ name, type, referenceTo }: DescribedField): AccessField['holds'] {
  if ((referenceTo ?? []).includes('User')) return 'colleague'
  if (parties.has(name)) return 'parties'
  return type === 'textarea' || name === 'Subject' ? 'text' : 'plain'
}

export function missingObject(object: string): Problem {
  const message = `${object} is not in this org, or hidden from the integration user; grant Read on it if it is used`
  return { kind: 'object', name: object, message }
}
