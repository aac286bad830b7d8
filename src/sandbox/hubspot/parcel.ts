import type { Parcel } from '../crm.ts'
import type { Columns } from './columns.ts'
import type { PackedSide } from './link-rows.ts'
import type { Portal } from './portal.ts'
import type { RegistryMark } from './registry.ts'
import type { SlabBytes } from './slab.ts'
import { reindex } from './table.ts'
import type { ObjectTable } from './table.ts'

type TableParcel = {
  name: string
  columns: Columns
  slab: SlabBytes
  properties: RegistryMark
  /** Id merged away and id it became part of, by turns. */
  aliases: Float64Array<ArrayBuffer>
}

/** The records of a portal as they travel between threads. */
export type PortalParcel = { tables: TableParcel[]; links: PackedSide[]; nextId: number }

/** Gives all records away: their bytes are another thread's once the parcel is posted. */
export function packPortal(portal: Portal): Parcel {
  const tables = [...portal.tables.values()].filter(({ store }) => store.columns.count > 0).map(packTable)
  const content: PortalParcel = { tables, links: portal.associations.links.give(), nextId: portal.nextId }
  const links = content.links.flatMap(({ ids, ends, rows }) => [ids.buffer, ends.buffer, rows.buffer])
  return { content, bytes: [...tables.flatMap(bytesOf), ...links] }
}

function packTable(table: ObjectTable): TableParcel {
  return {
    name: table.kind.name,
    columns: table.store.columns,
    slab: table.store.slab.give(),
    properties: table.properties.mark(),
    aliases: new Float64Array([...table.aliases].flat()),
  }
}

function bytesOf({ columns, slab, aliases }: TableParcel): ArrayBuffer[] {
  const arrays = Object.values(columns).filter((column) => typeof column !== 'number')
  return [...arrays.map(({ buffer }) => buffer), ...slab.chunks, aliases.buffer]
}

/** Makes the records of a parcel those of a portal that has none. Which address is whose is found out here: it is quicker than to send it. */
export function unpackPortal(portal: Portal, { tables, links, nextId }: PortalParcel): void {
  for (const { name, columns, slab, properties, aliases } of tables) {
    const table = portal.tables.get(name)!
    if (table.store.columns.count > 0) throw new Error(`there are ${name} already`)
    table.store.columns = columns
    table.store.slab.take(slab)
    table.properties.rewind(properties)
    for (let at = 0; at < aliases.length; at += 2) table.aliases.set(aliases[at]!, aliases[at + 1]!)
    table.changes++
    reindex(table)
  }
  portal.associations.links.take(links)
  portal.associations.changes++
  portal.nextId = Math.max(portal.nextId, nextId)
}
