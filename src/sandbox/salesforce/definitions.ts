/** EntityDefinition and FieldDefinition: the schema as rows, made anew for each query that names them. Salesforce docs: Tooling API. */
import { createTable, insertRow } from './table.ts'
import { parseObjects } from './parse-object.ts'
import { visibleFields } from './org.ts'
import type { Cell } from './column.ts'
import type { Catalog } from './soql-bind.ts'
import type { Field, FieldType, SObject } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

const objects = `
EntityDefinition 4ie - "Entity Definition" "Entity Definitions"
string255 n: DurableId | QualifiedApiName | DeveloperName | MasterLabel | Label | PluralLabel
string15 n: NamespacePrefix
string3 n: KeyPrefix
boolean d: IsCustomizable | IsCustomSetting | IsQueryable | IsRetrieveable | IsSearchable | IsTriggerable | IsWorkflowEnabled | IsLayoutable
boolean d: IsDeprecatedAndHidden

FieldDefinition 0ad - "Field Definition" "Field Definitions"
string255 n: DurableId | QualifiedApiName | DeveloperName | MasterLabel | Label | DataType | ValueTypeId | Description
string255 n: EntityDefinitionId>EntityDefinition:EntityDefinition:Fields
string15 n: NamespacePrefix
int n: Length | Precision | Scale
boolean d: IsNillable | IsIndexed | IsNameField | IsCalculated | IsCompound | IsApiFilterable | IsApiSortable | IsApiGroupable | IsHtmlFormatted
boolean d: IsFieldHistoryTracked
`

/** The catalogue with the two on top, where the query needs them. */
export function withDefinitions(org: Org, catalog: Catalog, soql: string): Catalog {
  if (!/\b(?:EntityDefinition|FieldDefinition)\b/i.test(soql)) return catalog
  const tables = new Map<string, Table>()
  for (const object of parseObjects(objects)) tables.set(object.name.toLowerCase(), createTable(object, tables))
  const [entities, fields] = [tables.get('entitydefinition'), tables.get('fielddefinition')]
  if (entities === undefined || fields === undefined) return catalog
  for (const { object } of org.tables.values()) {
    insertRow(entities, object.name, entityCells(object))
    for (const field of visibleFields(org, object)) insertRow(fields, `${object.name}.${field.name}`, fieldCells(org, object, field))
  }
  return new Map([...catalog, ...tables])
}

const bareName = (name: string): string => name.replace(/__c$/i, '')

function entityCells(object: SObject): [string, Cell][] {
  const isWritable = object.createable && object.mergeable
  return [
    ['DurableId', object.name],
    ['QualifiedApiName', object.name],
    ['DeveloperName', bareName(object.name)],
    ['MasterLabel', object.label],
    ['Label', object.label],
    ['PluralLabel', object.labelPlural],
    ['KeyPrefix', object.keyPrefix],
    ['IsCustomizable', object.createable],
    ['IsQueryable', true],
    ['IsRetrieveable', true],
    ['IsSearchable', isWritable],
    ['IsTriggerable', isWritable],
    ['IsLayoutable', isWritable],
  ]
}

function fieldCells(org: Org, object: SObject, field: Field): [string, Cell][] {
  return [
    ['DurableId', `${object.name}.${field.name}`],
    ['EntityDefinitionId', object.name],
    ['QualifiedApiName', field.name],
    ['DeveloperName', bareName(field.name)],
    ['MasterLabel', field.label],
    ['Label', field.label],
    ['DataType', dataType(field)],
    ['ValueTypeId', field.type],
    ['Description', field.help],
    ['Length', field.length],
    ['Precision', field.precision],
    ['Scale', field.scale],
    ['IsNillable', field.nillable],
    ['IsIndexed', field.idLookup || field.externalId || field.type === 'reference'],
    ['IsNameField', field.nameField],
    ['IsCalculated', field.source !== null],
    ['IsCompound', field.type === 'address'],
    ['IsApiFilterable', field.filterable],
    ['IsApiSortable', field.sortable],
    ['IsApiGroupable', field.filterable],
    ['IsHtmlFormatted', field.html],
    ['IsFieldHistoryTracked', org.switches.tracked.has(`${object.name}.${field.name}`.toLowerCase())],
  ]
}

const TYPE_NAMES: Partial<Record<FieldType, string>> = {
  boolean: 'Checkbox',
  date: 'Date',
  datetime: 'Date/Time',
  time: 'Time',
  email: 'Email',
  phone: 'Phone',
  url: 'URL',
  picklist: 'Picklist',
  combobox: 'Picklist',
  multipicklist: 'Picklist (Multi-Select)',
  address: 'Address',
  id: 'Lookup()',
}

/** The type in the words of Setup. */
function dataType({ type, length, precision, scale, referenceTo, html }: Field): string {
  if (type === 'reference') return `Lookup(${referenceTo.join(',')})`
  if (type === 'string') return `Text(${length})`
  if (type === 'textarea') return length <= 255 ? `Text Area(${length})` : `${html ? 'Rich' : 'Long'} Text Area(${length})`
  if (type === 'double' || type === 'currency' || type === 'percent' || type === 'int')
    return `${type === 'currency' ? 'Currency' : type === 'percent' ? 'Percent' : 'Number'}(${precision - scale}, ${scale})`
  return TYPE_NAMES[type] ?? type
}
