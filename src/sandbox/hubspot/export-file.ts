import { associated } from './associations.ts'
import { instant } from './instant.ts'
import type { ExportFile, ExportOrder } from './export.ts'
import { LIVE } from './columns.ts'
import { CREATED, ID, NULL, sourceOf, UPDATED } from './plan.ts'
import { TIME_ZONE } from './portal.ts'
import type { Property } from './property.ts'
import type { ObjectTable } from './table.ts'
import { zip } from './zip.ts'

/** A CSV file above it comes zipped. Source: HubSpot docs, "CRM exports". */
const ZIP_ABOVE = 2 * 1024 * 1024
/** unverified: heading of the first column, which holds the ids. */
const ID_HEADING = 'Record ID'

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Writes the file as the records are now. */
export function writeExport(order: ExportOrder, at: number): { file: ExportFile; records: number } {
  const rows = rowsOf(order)
  // A file name travels in a header, which takes ASCII only.
  const name = `${order.exportName.toLowerCase().replaceAll(/[^a-z\d]+/g, '-')}-${instant(at).slice(0, 10)}`
  const records = rows.length - 1
  if (order.format === 'XLSX') return { file: { name: `${name}.xlsx`, type: XLSX_TYPE, bytes: workbook(rows) }, records }
  const bytes = Buffer.from(rows.map((row) => `${row.map(quoted).join(',')}\n`).join(''))
  if (bytes.length <= ZIP_ABOVE) return { file: { name: `${name}.csv`, type: 'text/csv;charset=utf-8', bytes }, records }
  return { file: { name: `${name}.zip`, type: 'application/zip', bytes: zip([{ name: `${name}.csv`, bytes }]) }, records }
}

function rowsOf({ table, objectProperties, associated: { tables, most }, internal, records }: ExportOrder): string[][] {
  const names = objectProperties.filter((name) => name !== 'hs_object_id')
  const shown = names.map((name) => columnOf(table, name, internal.values))
  const headings = names.map((name) => (internal.names ? name : (table.properties.find(name)?.label ?? name)))
  for (const other of tables) {
    headings.push(associatedHeading(other))
    shown.push((row) => linkedIds(table, table.store.columns.id[row]!, other, most))
  }
  const rows = [[ID_HEADING, ...headings]]
  for (const id of records()) {
    const row = table.store.row(id)
    if (row >= 0 && table.store.columns.status[row] === LIVE) rows.push([String(id), ...shown.map((value) => value(row))])
  }
  return rows
}

/** unverified: the heading of the column with associated ids. */
function associatedHeading({ kind }: ObjectTable): string {
  return `Associated ${kind.singular.charAt(0).toUpperCase()}${kind.singular.slice(1)} IDs`
}

function linkedIds(table: ObjectTable, id: number, other: ObjectTable, most: number): string {
  return associated(table, id, other)
    .slice(0, most)
    .map((linked) => linked.id)
    .join(';')
}

function columnOf(table: ObjectTable, name: string, internal: boolean): (row: number) => string {
  const source = sourceOf(table.properties, name)
  const property = table.properties.find(name)!
  const { store } = table
  if (source === NULL) return () => ''
  if (source === ID) return (row) => String(store.columns.id[row])
  if (source === CREATED || source === UPDATED) {
    const times = (): Float64Array => (source === CREATED ? store.columns.created : store.columns.updated)
    return (row) => shownAs(property, instant(times()[row]!), internal)
  }
  return (row) => {
    const value = store.value(row, source)
    return value === undefined ? '' : shownAs(property, value, internal)
  }
}

/** Options by their labels and times of the portal's zone, unless internal values are asked for. */
function shownAs(property: Property, value: string, internal: boolean): string {
  if (internal) return value
  if (property.type === 'datetime') {
    return Temporal.Instant.from(value)
      .toZonedDateTimeISO(TIME_ZONE)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
      .replace('T', ' ')
  }
  if (property.type !== 'enumeration') return value
  const label = (part: string): string => property.options.find((option) => option.value === part)?.label ?? part
  return property.fieldType === 'checkbox' ? value.split(';').map(label).join(';') : label(value)
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`
}

function workbook(rows: readonly string[][]): Buffer {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const sheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const link = (type: string, target: string): string =>
    `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/${type}" Target="${target}"/></Relationships>`
  const parts: Record<string, string> = {
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Default Extension="xml" ContentType="${XLSX_TYPE}.main+xml"/>` +
      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    '_rels/.rels': link('officeDocument', 'xl/workbook.xml'),
    'xl/workbook.xml': `<workbook xmlns="${sheet}" xmlns:r="${office}"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': link('worksheet', 'worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${sheet}"><sheetData>${rows.map(sheetRow).join('')}</sheetData></worksheet>`,
  }
  return zip(Object.entries(parts).map(([name, xml]) => ({ name, bytes: Buffer.from(head + xml) })))
}

function sheetRow(row: readonly string[]): string {
  return `<row>${row.map((value) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`).join('')}</row>`
}

/** Control characters have no place in XML at all. */
function escaped(value: string): string {
  return value
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
