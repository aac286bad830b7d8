import { ARCHIVED } from './columns.ts'
import { instant } from './instant.ts'
import { CREATED, ID, NULL, UPDATED } from './plan.ts'
import type { Plan } from './plan.ts'
import { ENTRY_HEAD } from './record.ts'
import type { ObjectTable } from './table.ts'

/**
 * Writes answers straight into one buffer: keys come compiled from the plan, values as stored literals, so a page of a hundred contacts is
 * some ten thousand short copies and no string work. The buffer is shared: take the page before anything else writes.
 */
let out = Buffer.allocUnsafeSlow(1024 * 1024)
let at = 0

const offsets = new Int32Array(65_536)
const lengths = new Int32Array(65_536)
const stamps = new Uint32Array(65_536)
let stamp = 0

export function startPage(): void {
  at = 0
}

export function takePage(): Buffer {
  return Buffer.from(out.subarray(0, at))
}

export function writeText(text: string): void {
  reserve(text.length * 3)
  at += out.write(text, at)
}

/** One record as SimplePublicObject, without its closing brace so that a caller may add to it. */
export function writeRecord(table: ObjectTable, row: number, plan: Plan): void {
  const { store } = table
  const { columns } = store
  const address = columns.values[row]!
  const chunk = store.slab.chunkOf(address)
  scan(chunk, store.slab.offsetOf(address), columns.valuesLength[row]!)
  const id = String(columns.id[row])
  const created = instant(columns.created[row]!)
  const updated = instant(columns.updated[row]!)
  reserve(plan.bytes + columns.valuesLength[row]! + 600)
  ascii(`{"id":"${id}","properties":`)
  const open = at
  let copied = 0
  for (let position = 0; position < plan.keys.length; position++) {
    const source = plan.sources[position]!
    const stored = source >= 0 && stamps[source] === stamp
    if (!stored && (source >= 0 || source === NULL)) continue
    if (position > 0) copy(plan.nulls, copied, plan.nullEnds[position - 1]! - copied)
    copied = plan.nullEnds[position]!
    const key = plan.keys[position]!
    copy(key, 0, key.length)
    if (stored) copy(chunk, offsets[source]!, lengths[source]!)
    else ascii(source === ID ? `"${id}"` : source === CREATED ? `"${created}"` : source === UPDATED ? `"${updated}"` : 'null')
  }
  copy(plan.nulls, copied, plan.nulls.length - copied)
  // Every key begins with a comma; the first one's place is where the object opens.
  out[open] = 0x7b
  const archived = columns.status[row] === ARCHIVED ? `true,"archivedAt":"${instant(columns.archived[row]!)}"` : 'false'
  ascii(`},"createdAt":"${created}","updatedAt":"${updated}","archived":${archived},"url":"${table.urlStart}${id}"`)
}

/** Notes where each stored value lies; stamps save clearing the tables for every record. */
function scan(chunk: Buffer, start: number, length: number): void {
  stamp = (stamp + 1) >>> 0
  if (stamp === 0) {
    stamps.fill(0)
    stamp = 1
  }
  const end = start + length
  for (let entry = start; entry < end;) {
    const property = chunk[entry]! | (chunk[entry + 1]! << 8)
    const size = chunk[entry + 2]! | (chunk[entry + 3]! << 8) | (chunk[entry + 4]! << 16)
    stamps[property] = stamp
    offsets[property] = entry + ENTRY_HEAD
    lengths[property] = size
    entry += ENTRY_HEAD + size
  }
}

function copy(from: Buffer, start: number, length: number): void {
  if (length > 48) {
    from.copy(out, at, start, start + length)
    at += length
    return
  }
  for (let index = 0; index < length; index++) out[at++] = from[start + index]!
}

function ascii(text: string): void {
  at += out.write(text, at, 'latin1')
}

function reserve(bytes: number): void {
  if (at + bytes <= out.length) return
  const larger = Buffer.allocUnsafeSlow((at + bytes) * 2)
  out.copy(larger, 0, 0, at)
  out = larger
}
