/**
 * Reads the compact object tables.
 *
 * Object line: `Name|keyPrefix|flags|label|plural`, flags c createable, u updateable, d deletable, n undeletable, m mergeable.
 * Field line: `Name|typeSize|flags|label|extra|compound`; size is a length, `precision.scale`, or digits of an int. Flags:
 * n nillable, c createable, u updateable, d defaulted on create, i id lookup, F not filterable, S not sortable, N name field,
 * r restricted picklist. Extra: `>Target,Target:Relationship:ChildRelationship:onDelete`, or `=value;*default;value`.
 */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'double'
  | 'currency'
  | 'percent'
  | 'int'
  | 'address'
  /** JSON held as text; Tooling only. */
  | 'complexvalue'

export type PicklistValue = { value: string; label: string; isDefault: boolean }
/** What becomes of the child when the parent goes. */
export type OnDelete = 'none' | 'cascade' | 'restrict'
export type Field = {
  name: string
  label: string
  type: FieldType
  length: number
  precision: number
  scale: number
  digits: number
  nillable: boolean
  createable: boolean
  updateable: boolean
  defaultedOnCreate: boolean
  idLookup: boolean
  filterable: boolean
  sortable: boolean
  nameField: boolean
  restricted: boolean
  picklist: PicklistValue[]
  referenceTo: string[]
  relationshipName: string | null
  childRelationshipName: string | null
  onDelete: OnDelete
  compound: string | null
  custom: boolean
  unique: boolean
  externalId: boolean
  caseSensitive: boolean
  html: boolean
  defaultValue: string | number | boolean | null
  help: string | null
}
export type SObject = {
  name: string
  keyPrefix: string
  label: string
  labelPlural: string
  createable: boolean
  updateable: boolean
  deletable: boolean
  undeletable: boolean
  mergeable: boolean
  /** In describe order. */
  fields: Field[]
  byName: Map<string, Field>
}

/** One or more objects, parted by blank lines. */
export function parseObjects(table: string): SObject[] {
  return table
    .trim()
    .split(/\n\s*\n/)
    .map((block) => parseObject(block.split('\n')))
}

function parseObject(lines: string[]): SObject {
  const [name = '', keyPrefix = '', flags = '', label = '', labelPlural = ''] = (lines[0] ?? '').split('|')
  const fields = lines.slice(1).map(parseField)
  return {
    name,
    keyPrefix,
    label,
    labelPlural,
    createable: flags.includes('c'),
    updateable: flags.includes('u'),
    deletable: flags.includes('d'),
    undeletable: flags.includes('n'),
    mergeable: flags.includes('m'),
    fields,
    byName: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  }
}

function parseField(line: string): Field {
  const [name = '', typeSize = '', flags = '', label = '', extra = '', compound = ''] = line.split('|')
  const [, type = '', size = ''] = /^([a-z]+)([\d.]*)$/.exec(typeSize) ?? []
  const field = plainField(name, label === '' ? name : label, type as FieldType)
  applySize(field, size)
  field.nillable = flags.includes('n')
  field.createable = flags.includes('c')
  field.updateable = flags.includes('u')
  field.defaultedOnCreate = flags.includes('d')
  field.idLookup = flags.includes('i')
  field.filterable = !flags.includes('F')
  field.sortable = !flags.includes('S')
  field.nameField = flags.includes('N')
  field.restricted = flags.includes('r')
  field.compound = compound === '' ? null : compound
  if (extra.startsWith('>')) applyReference(field, extra.slice(1))
  if (extra.startsWith('=')) field.picklist = extra.slice(1).split(';').map(picklistValue)
  field.defaultValue = field.picklist.find((value) => value.isDefault)?.value ?? (type === 'boolean' ? false : null)
  return field
}

/** A nillable, writable field of that type; the caller refines it. */
export function plainField(name: string, label: string, type: FieldType): Field {
  return {
    name,
    label,
    type,
    length: 0,
    precision: 0,
    scale: 0,
    digits: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaultedOnCreate: false,
    idLookup: false,
    filterable: true,
    sortable: true,
    nameField: false,
    restricted: false,
    picklist: [],
    referenceTo: [],
    relationshipName: null,
    childRelationshipName: null,
    onDelete: 'none',
    compound: null,
    custom: false,
    unique: false,
    externalId: false,
    caseSensitive: false,
    html: false,
    defaultValue: null,
    help: null,
  }
}

function applySize(field: Field, size: string): void {
  if (size === '') return
  if (size.includes('.')) {
    const [precision, scale] = size.split('.')
    field.precision = Number(precision)
    field.scale = Number(scale)
  } else if (field.type === 'int') field.digits = Number(size)
  else field.length = Number(size)
}

function applyReference(field: Field, text: string): void {
  const [targets = '', relationship = '', child = '', onDelete = ''] = text.split(':')
  field.referenceTo = targets.split(',')
  field.relationshipName = relationship === '' ? null : relationship
  field.childRelationshipName = child === '' ? null : child
  field.onDelete = onDelete === '' ? 'none' : (onDelete as OnDelete)
}

function picklistValue(text: string): PicklistValue {
  const isDefault = text.startsWith('*')
  const value = isDefault ? text.slice(1) : text
  return { value, label: value, isDefault }
}
