/**
 * Reads the object tables. An object is a block of lines; blank lines part objects.
 *
 * First line: `Name prefix flags +trait @feature "Label" "Plural"`, flags c createable, u updateable, d deletable, n undeletable,
 * m mergeable, or `-`. Traits: `+bin` the object has IsDeleted, `+audit` the five fields of who and when, `+viewed` the two of last use.
 *
 * Every other line: `typeSize flags: field | field`. Size is a length, `precision.scale`, or the digits of an int. Flags: n nillable,
 * c createable, u updateable, d defaulted on create, i id lookup, F not filterable, S not sortable, N name field, r restricted picklist;
 * D, P and R for fields that need privacy, person accounts or record types. `place: Mailing` stands for the nine fields of an address,
 * `person: Email` for the field of a person account that shows the Contact's.
 *
 * A field: `Name"Label"<Via.Path/Path>Target,Target:Relationship:ChildRelationship:onDelete=value;*default;value`, all but the name
 * optional. Without a label the name is spelled out. `$name` instead of targets or values is a list of schema-lists.ts.
 */
import { addField, personField, plainField } from './schema-object.ts'
import { TARGET_LISTS, VALUE_LISTS } from './schema-lists.ts'
import type { Feature, Field, FieldType, OnDelete, PicklistValue, SObject } from './schema-object.ts'

const TRAITS: Readonly<Record<string, readonly string[]>> = {
  '+bin': ['boolean d: IsDeleted"Deleted"'],
  '+audit': [
    'datetime d: CreatedDate',
    'reference d: CreatedById>User:CreatedBy',
    'datetime d: LastModifiedDate',
    'reference d: LastModifiedById>User:LastModifiedBy',
    'datetime d: SystemModstamp',
  ],
  '+viewed': ['datetime n: LastViewedDate | LastReferencedDate'],
}
const PLACE = [
  'textarea255 ncu: @Street',
  'string40 ncu: @City',
  'string80 ncu: @State"@ State/Province"',
  'string20 ncu: @PostalCode"@ Zip/Postal Code"',
  'string80 ncu: @Country',
  'double18.15 ncu: @Latitude | @Longitude',
  'picklist40 ncur: @GeocodeAccuracy=$accuracy',
  'address nS: @Address',
]

/** `known` are objects of other tables that these may refer to. */
export function parseObjects(table: string, known: readonly SObject[] = []): SObject[] {
  const made: SObject[] = []
  for (const block of table.trim().split(/\n\s*\n/)) made.push(parseObject(block.split('\n'), [...known, ...made]))
  return made
}

const HEAD = /^(\w+) (\w{3}) (\S+)((?: [+@]\w+)*)(?: "([^"]*)" "([^"]*)")?$/

function parseObject(lines: readonly string[], known: readonly SObject[]): SObject {
  const [, name = '', keyPrefix = '', flags = '', marks = '', label, labelPlural] = HEAD.exec(lines[0] ?? '') ?? []
  if (name === '') throw new Error(`object table: ${lines[0]}`)
  const spelled = label ?? spell(name)
  const object: SObject = {
    name,
    keyPrefix,
    label: spelled,
    labelPlural: labelPlural ?? plural(spelled),
    createable: flags.includes('c'),
    updateable: flags.includes('u'),
    deletable: flags.includes('d'),
    undeletable: flags.includes('n'),
    mergeable: flags.includes('m'),
    feature: (/@(\w+)/.exec(marks)?.[1] as Feature | undefined) ?? null,
    fields: [],
    byName: new Map(),
  }
  const traits = (only: (mark: string) => boolean): string[] =>
    marks
      .split(' ')
      .filter(only)
      .flatMap((mark) => TRAITS[mark] ?? [])
  const rows = [`id d: Id"${spelled} ID"`, ...traits((mark) => mark === '+bin'), ...lines.slice(1), ...traits((mark) => mark !== '+bin')]
  for (const row of rows) for (const field of parseRow(row, known)) addField(object, field)
  nameCompounds(object)
  return object
}

const plural = (label: string): string =>
  label.endsWith('y') ? `${label.slice(0, -1)}ies` : label.endsWith('s') ? `${label}es` : `${label}s`

/** `MailingCity` as `Mailing City`, `AccountId` as `Account ID`. */
const spell = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').replace(/Id$/, 'ID')

function parseRow(row: string, known: readonly SObject[]): Field[] {
  const colon = row.indexOf(': ')
  const head = row.slice(0, colon)
  const items = row.slice(colon + 2).split(' | ')
  if (head === 'place') return items.flatMap((prefix) => placeFields(prefix === '-' ? '' : prefix, known))
  if (head === 'person') return items.map((name) => personField(fieldOf(known, 'Contact', name)))
  const [, type = '', size = '', flags = ''] = /^([a-z]+(?:64)?)([\d.]*) (\S+)$/.exec(head) ?? []
  if (type === '') throw new Error(`object table: ${row}`)
  return items.map((item) => parseField(type as FieldType, size, flags, item))
}

function placeFields(prefix: string, known: readonly SObject[]): Field[] {
  const rows = PLACE.map((row) => row.replaceAll('"@ ', prefix === '' ? '"' : `"${prefix} `).replaceAll('@', prefix))
  return rows.flatMap((row) => parseRow(row, known))
}

function fieldOf(known: readonly SObject[], object: string, name: string): Field {
  const field = known.find((each) => each.name === object)?.byName.get(name.toLowerCase())
  if (field === undefined) throw new Error(`object table: no field ${object}.${name}`)
  return field
}

const ITEM = /^(\w+)(?:"([^"]*)")?(?:<(\w+)\.([\w./]+))?(?:>([^=]*))?(?:=(.*))?$/
const FEATURES: Readonly<Record<string, Feature>> = { D: 'privacy', P: 'personAccounts', R: 'recordTypes' }

function parseField(type: FieldType, size: string, flags: string, item: string): Field {
  const [, name, label, via, paths = '', targets, values] = ITEM.exec(item) ?? []
  if (name === undefined) throw new Error(`object table: ${item}`)
  const field = plainField(name, label ?? spell(name), type)
  applySize(field, size)
  field.nillable = flags.includes('n')
  field.createable = flags.includes('c')
  field.updateable = flags.includes('u')
  field.defaultedOnCreate = flags.includes('d')
  field.idLookup = flags.includes('i') || type === 'id'
  field.filterable = !flags.includes('F')
  field.sortable = !flags.includes('S')
  field.nameField = flags.includes('N')
  field.restricted = flags.includes('r')
  const feature = /[DPR]/.exec(flags)?.[0]
  if (feature !== undefined) field.feature = FEATURES[feature] ?? null
  if (via !== undefined) field.source = { via, paths: paths.split('/') }
  if (targets !== undefined) applyReference(field, targets)
  if (values !== undefined) field.picklist = (values.startsWith('$') ? listed(VALUE_LISTS, values) : values).split(';').map(picklistValue)
  field.defaultValue = field.picklist.find((value) => value.isDefault)?.value ?? (type === 'boolean' ? false : null)
  return field
}

function listed(lists: Readonly<Record<string, string>>, name: string): string {
  const list = lists[name.slice(1)]
  if (list === undefined) throw new Error(`object table: no list ${name}`)
  return list
}

function applySize(field: Field, size: string): void {
  if (field.type === 'id' || field.type === 'reference') field.length = 18
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
  field.referenceTo = (targets.startsWith('$') ? listed(TARGET_LISTS, targets) : targets).split(',')
  field.relationshipName = relationship === '' ? null : relationship
  field.childRelationshipName = child === '' ? null : child
  field.onDelete = onDelete === '' ? 'none' : (onDelete as OnDelete)
}

function picklistValue(text: string): PicklistValue {
  const isDefault = text.startsWith('*')
  const value = isDefault ? text.slice(1) : text
  return { value, label: value, isDefault }
}

/** Parts of a name and of an address know what they are parts of. */
function nameCompounds({ fields, byName }: SObject): void {
  const isPerson = byName.has('lastname') && byName.has('name')
  for (const field of fields) {
    if (isPerson && /^(LastName|FirstName|Salutation)$/.test(field.name)) field.compound = 'Name'
    const part = /^(\w*?)(?:Street|City|State|PostalCode|Country|Latitude|Longitude|GeocodeAccuracy)$/.exec(field.name)
    const whole = part === null ? undefined : byName.get(`${part[1] ?? ''}address`.toLowerCase())
    if (whole?.type === 'address') field.compound ??= whole.name
  }
}
