/** Field history of the person's records, where the org tracks any: what a field was before, and since when it is what it is. */
import type { AccessEntry, AccessVersion } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import type { Own } from './access.ts'
import { holdsOf, missingObject } from './access-read.ts'
import { infoOf, rowsWith, textAt, type Found } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'
import { textOf } from './values.ts'

const histories = [
  { object: 'Contact', history: 'ContactHistory', parent: 'ContactId' },
  { object: 'Lead', history: 'LeadHistory', parent: 'LeadId' },
  { object: 'Account', history: 'AccountHistory', parent: 'AccountId' },
] as const

export async function* historyOf(org: Org, own: readonly Own[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  for (const { object, history, parent } of histories) {
    const by = new Map(own.flatMap((one) => (idIn(one, object) === null ? [] : [[idIn(one, object)!, one] as const])))
    if (by.size === 0) continue
    if ((await infoOf(org, history, signal)) === null) {
      yield { entries: [], gaps: [missingObject(history)] }
      continue
    }
    const fields = [parent, 'Field', 'OldValue', 'NewValue', 'CreatedDate']
    const rows = await rowsWith(org, history, { fields, any: [parent], values: [...by.keys()] }, signal)
    const known = (await infoOf(org, object, signal))?.fields
    const entries: AccessEntry[] = []
    for (const [key, changes] of Map.groupBy(rows, (row) => `${recordId(textAt(row, parent) ?? '', null)} ${textAt(row, 'Field')}`)) {
      const [id = '', name = ''] = key.split(' ')
      const one = by.get(id)
      const field = known?.get(name)
      if (one === undefined) continue
      const versions = changes.flatMap(versionsOf).toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))
      entries.push({ part: 'history', of: one.ref, name, label: field?.label ?? name, holds: field ? holdsOf(field) : 'text', versions })
    }
    yield { entries, gaps: [] }
  }
}

/** A person account keeps its history on the account and on the shadow contact. */
function idIn({ ref, id, contact }: Own, object: string): string | null {
  if (object === 'Contact') return contact
  return ref.object === object ? id : null
}

/** What it was until then, and what it became. A lookup is tracked twice, as id and as name; both are told. */
function versionsOf(change: Found): AccessVersion[] {
  const at = textOf(change.row['CreatedDate'] ?? null, 'datetime', 'CreatedDate')
  const made = (column: 'OldValue' | 'NewValue'): string => textOf(change.row[column] ?? null, 'string', column) ?? ''
  const before = made('OldValue')
  const now: AccessVersion = { value: made('NewValue'), at, source: null, provenance: 'unknown' }
  return before === '' ? [now] : [now, { value: before, at: null, source: null, provenance: 'unknown' }]
}
